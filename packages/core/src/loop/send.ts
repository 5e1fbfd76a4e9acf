import { attempt } from '../attempt/attempt.ts'
import type { Call } from '../call/call.ts'
import type { AttemptOutcome } from '../contract/attempt-outcome.ts'
import type { Changes, OutgoingRequest, RequestFacts } from '../contract/request.ts'
import type { Session, SessionSource } from '../contract/session.ts'
import { hedgeOf } from './added/hedge.ts'
import { followsRedirects, planRedirects } from './redirect-plan.ts'

/**
 * Signs the request of a call and sends it once; the outcome is told.
 *
 * @throws a mistake of the vendor's.
 */
export function send(call: Call, tell: (call: Call, outcome: AttemptOutcome) => void): void {
  const { request, policy, session } = call
  const signed = sign(call)
  if (signed !== undefined) {
    if (call.signed !== undefined) call.history.keepSigned(call.signed)
    call.signed = { session, headers: signed.headers, url: signed.url }
  }
  const follows = followsRedirects(call)
  if (policy.limit > 0 || session !== undefined || follows || call.endpoints !== undefined)
    request.startRecording(policy.replayLimit)
  if (policy.hedge !== undefined) call.hedge = hedgeOf(call)
  const changes = signed ?? unsignedChanges(call)
  const plan = follows ? planRedirects : undefined
  const loading = changes?.url === undefined ? undefined : request.loadBody(call)
  if (loading === undefined) attempt(call, call.attemptTimeout, changes, plan, tell)
  else void attemptAfter(loading, call, changes, plan, tell)
}

/** A function of its own: an asynchronous one costs also the calls that wait for nothing. */
async function attemptAfter(
  loading: Promise<void>,
  call: Call,
  changes: Changes | undefined,
  plan: typeof planRedirects | undefined,
  tell: (call: Call, outcome: AttemptOutcome) => void,
): Promise<void> {
  await loading
  // It may have been ended from outside meanwhile.
  if (call.isTerminated) tell(call, { type: 'aborted' })
  else attempt(call, call.attemptTimeout, changes, plan, tell)
}

/** The changes that signing makes; `undefined` where the request is not to be signed, or its caller has signed it. */
function sign(call: Call): Changes | undefined {
  const { session } = call
  const source = call.destination.vendor?.auth
  return session === undefined || source === undefined ? undefined : changesOf(call, session, source)
}

function changesOf(call: Call, session: Session, source: SessionSource): Changes {
  const { target } = call.destination
  const { body } = call.request
  const headers = call.outgoingHeaders(call.request.headers)
  call.headers = undefined
  const outgoing = new Outgoing(target, headers, body)
  source.sign(outgoing, session)
  // fetch takes the type of a Blob from the Blob itself.
  if (body instanceof Blob && body !== outgoing.body && body.type !== '' && !headers.has('content-type'))
    headers.set('content-type', body.type)
  if (outgoing.url === target.url && !call.hasNewAddress && outgoing.body === body) return { headers }
  return {
    headers,
    ...((outgoing.url !== target.url || call.hasNewAddress) && { url: outgoing.url }),
    ...(outgoing.body !== body && { body: outgoing.body ?? null }),
  }
}

/** A request as a vendor signs it. */
class Outgoing implements OutgoingRequest {
  url: string
  readonly method: string
  readonly headers: Headers
  body: OutgoingRequest['body']
  readonly #target: RequestFacts

  constructor(target: RequestFacts, headers: Headers, body: OutgoingRequest['body']) {
    this.url = target.url
    this.method = target.method
    this.headers = headers
    this.body = body
    this.#target = target
  }

  get bodyText(): string | undefined {
    return this.#target.bodyText
  }
}

/** The changes of an attempt that is not signed: another address, and the headers that options of the caller's have added. */
function unsignedChanges({ hasNewAddress, destination, prepared: headers }: Call): Changes | undefined {
  if (headers === undefined) return hasNewAddress ? { url: destination.target.url } : undefined
  return hasNewAddress ? { url: destination.target.url, headers } : { headers }
}
