import { attempt } from '../attempt/attempt.ts'
import type { Changes } from '../contract/request.ts'
import type { Session } from '../contract/session.ts'
import type { Call } from './call.ts'
import { guard } from './guard.ts'
import { look } from './look.ts'
import type { Seen } from './seen.ts'

/** Signs a call's request, sends it once and says what came of it. */
export async function send(call: Call, session: Session | undefined, began: number): Promise<Seen> {
  try {
    const { engine, message, policy, signal } = call
    const signed = sign(call, session)
    const bound = session !== undefined && signed !== undefined
    const guarded = guard(call, signed)
    const mayGoAgain = policy.limit > 0 || session !== undefined || guarded !== undefined || call.peers !== undefined
    if (mayGoAgain) message.keepBody(policy.replayLimit)
    const changes = signed ?? moved(call)
    if (changes?.url !== undefined) await message.takeAlong()
    const timeout = Math.min(call.timeout, call.until - began)
    const attempted = await attempt({
      send: (ofThis) => {
        const [input, init] = message.compose(ofThis)
        return engine.fetch(input, init)
      },
      began,
      now: engine.clock.now,
      signal,
      owner: message,
      timeout: timeout === Number.POSITIVE_INFINITY ? undefined : Math.max(0, timeout),
      changes,
      guarded,
    })
    const seen = look(call, attempted, bound ? session : undefined)
    return seen instanceof Promise ? await seen : seen
  } catch (thrown) {
    // A mistake of a vendor's or of the caller's own `fetch` arguments.
    return { type: 'raw', thrown }
  }
}

/** What signing changes; `undefined` where the request is not to be signed, or its caller has signed it. */
function sign(call: Call, session: Session | undefined): Changes | undefined {
  const source = call.vendor?.auth
  if (session === undefined || source === undefined) return undefined
  const headers = new Headers(call.message.headers)
  const { target } = call
  const { url, method } = target
  const outgoing = {
    url,
    method,
    headers,
    body: call.message.body,
    get bodyText() {
      return target.bodyText
    },
  }
  source.sign(outgoing, session)
  const { body } = call.message
  // fetch takes the type of a Blob from the Blob itself.
  if (body instanceof Blob && body !== outgoing.body && body.type !== '' && !headers.has('content-type'))
    headers.set('content-type', body.type)
  return {
    headers,
    ...((outgoing.url !== url || call.isElsewhere) && { url: outgoing.url }),
    ...(outgoing.body !== body && { body: outgoing.body ?? null }),
  }
}

const moved = (call: Call): Changes | undefined => (call.isElsewhere ? { url: call.target.url } : undefined)
