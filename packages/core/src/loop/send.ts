import { attempt } from '../attempt/attempt.ts'
import { promisedReply } from '../attempt/reply.ts'
import type { AttemptResult } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { Changes } from '../contract/request.ts'
import type { Session } from '../contract/session.ts'
import { inspectReply } from './inspect.ts'
import { redirectPlanFor } from './redirect-plan.ts'

/** Signs a call's request, sends it once and classifies the result. */
export async function send(call: Call, session: Session | undefined, startedAt: number): Promise<AttemptResult> {
  try {
    const { engine, request, policy, signal } = call
    const signed = sign(call, session)
    if (signed !== undefined) call.signed = { session, changes: signed }
    const redirectPlan = redirectPlanFor(call, signed)
    const mayGoAgain =
      policy.limit > 0 || session !== undefined || redirectPlan !== undefined || call.endpoints !== undefined
    if (mayGoAgain) request.startRecording(policy.replayLimit)
    const changes = signed ?? newAddress(call)
    if (changes?.url !== undefined) await request.loadBody()
    const timeout = Math.min(call.destination.timeout, call.deadlineAt - startedAt)
    const sending = await attempt({
      send: (ofThis) => {
        const [input, init] = request.toFetchArguments(ofThis)
        // As a function and no method: a browser's refuses every other `this`.
        const { fetch } = engine
        return promisedReply(fetch(input, init))
      },
      startedAt,
      now: engine.clock.now,
      signal,
      owner: request,
      holder: call,
      timeout: timeout === Number.POSITIVE_INFINITY ? undefined : Math.max(0, timeout),
      changes,
      redirectPlan,
    })
    const inspected = inspectReply(call, sending, signed === undefined ? undefined : session)
    const result = inspected instanceof Promise ? await inspected : inspected
    if (result.type === 'fault' || result.type === 'raw') await request.readForSecrets(policy.replayLimit)
    return result
  } catch (thrown) {
    // A mistake of a vendor's or of the caller's own `fetch` arguments.
    return { type: 'raw', thrown }
  }
}

/** The changes that signing makes; `undefined` where the request is not to be signed, or its caller has signed it. */
function sign(call: Call, session: Session | undefined): Changes | undefined {
  const { target, vendor } = call.destination
  const source = vendor?.auth
  if (session === undefined || source === undefined) return undefined
  const { body } = call.request
  const { url, method } = target
  const headers = new Headers(call.request.headers)
  const outgoing = {
    url,
    method,
    headers,
    body,
    get bodyText() {
      return target.bodyText
    },
  }
  source.sign(outgoing, session)
  // fetch takes the type of a Blob from the Blob itself.
  if (body instanceof Blob && body !== outgoing.body && body.type !== '' && !headers.has('content-type'))
    headers.set('content-type', body.type)
  return {
    headers,
    ...((outgoing.url !== url || call.hasNewAddress) && { url: outgoing.url }),
    ...(outgoing.body !== body && { body: outgoing.body ?? null }),
  }
}

const newAddress = (call: Call): Changes | undefined =>
  call.hasNewAddress ? { url: call.destination.target.url } : undefined
