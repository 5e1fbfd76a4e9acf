import { attempt } from '../attempt/attempt.ts'
import type { Call } from '../call/call.ts'
import type { AttemptOutcome } from '../contract/attempt-outcome.ts'
import type { Changes, OutgoingRequest } from '../contract/request.ts'
import type { Session, SessionHeaders, SessionSource } from '../contract/session.ts'
import { hedgeOf } from './added/hedge.ts'
import { followsRedirects, planRedirects } from './redirect-plan.ts'

/**
 * Signs the request of a call, sends it once, and calls `tell` with the outcome.
 *
 * @throws what a vendor's hook throws.
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

/** A separate function: an asynchronous one would also slow calls that wait for nothing. */
async function attemptAfter(
  loading: Promise<void>,
  call: Call,
  changes: Changes | undefined,
  plan: typeof planRedirects | undefined,
  tell: (call: Call, outcome: AttemptOutcome) => void,
): Promise<void> {
  call.request.keepHeaders()
  await loading
  attempt(call, call.attemptTimeout, changes, plan, tell)
}

/** The changes by signing; `undefined` if the request is not to be signed, or its caller has signed it. */
function sign(call: Call): Changes | undefined {
  const { session } = call
  const source = call.destination.vendor?.auth
  return session === undefined || source === undefined ? undefined : changesOf(call, session, source)
}

function changesOf(call: Call, session: Session, source: SessionSource): Changes {
  const { target } = call.destination
  const { body } = call.request
  const outgoing = new Outgoing(call)
  const shown = source.sign(outgoing, session)
  // fetch takes the content type of a Blob from the Blob itself.
  if (body instanceof Blob && body !== outgoing.body && body.type !== '' && !outgoing.headers.has('content-type'))
    outgoing.headers.set('content-type', body.type)
  const headers = shown === undefined ? outgoing.headers : withSession(call, shown)
  call.headers = undefined
  if (outgoing.url === target.url && !call.hasNewAddress && outgoing.body === body) return { headers }
  return {
    headers,
    ...((outgoing.url !== target.url || call.hasNewAddress) && { url: outgoing.url }),
    ...(outgoing.body !== body && { body: outgoing.body ?? null }),
  }
}

/** The headers of an attempt with those of its session. `Headers` are made only if there are others, because they are expensive. */
function withSession(call: Call, shown: SessionHeaders): NonNullable<Changes['headers']> {
  if (call.hasHeaders) {
    const headers = call.outgoingHeaders
    for (const name in shown) {
      const value = shown[name]
      if (value === undefined) headers.delete(name)
      else headers.set(name, value)
    }
    return headers
  }
  const headers: Record<string, string> = {}
  for (const name in shown) {
    const value = shown[name]
    if (value !== undefined) headers[name] = value
  }
  return headers
}

/** A request as a vendor signs it. */
class Outgoing implements OutgoingRequest {
  url: string
  body: OutgoingRequest['body']
  readonly #call: Call

  constructor(call: Call) {
    this.url = call.destination.target.url
    this.body = call.request.body
    this.#call = call
  }

  get method(): string {
    return this.#call.destination.target.method
  }

  get headers(): Headers {
    return this.#call.outgoingHeaders
  }

  get bodyText(): string | undefined {
    return this.#call.destination.target.bodyText
  }
}

/** The changes of an attempt that is not signed: another address, and headers from the caller's options. */
function unsignedChanges({ hasNewAddress, destination, prepared: headers }: Call): Changes | undefined {
  if (headers === undefined) return hasNewAddress ? { url: destination.target.url } : undefined
  return hasNewAddress ? { url: destination.target.url, headers } : { headers }
}
