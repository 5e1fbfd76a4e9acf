import type { Outcome, RedirectRefusal } from '../contract/outcome.ts'
import type { Changes } from '../contract/request.ts'
import { Deadline } from './deadline.ts'
import { follow, type Hop } from './redirect.ts'

/** One attempt about to be made. */
export interface Sending {
  send(changes: Changes | undefined): Promise<Response>
  /** Monotonic milliseconds at which it begins. */
  readonly began: number
  now(): number
  /** The caller's own. */
  readonly signal: AbortSignal | null | undefined
  /** What keeps that signal working; see {@link Deadline}. */
  readonly owner: object
  /** Milliseconds until the headers must be there; `undefined` for no limit. */
  readonly timeout: number | undefined
  /** What signing and re-routing changed. */
  readonly changes: Changes | undefined
  /** Set where the request carries a credential and would follow redirects. */
  readonly guarded:
    | {
        readonly first: Hop
        trusts(to: URL, from: URL): boolean
        canResend(): boolean | Promise<boolean>
      }
    | undefined
}

/** What came of an attempt, and the limits that still hold for the body of its reply. */
export interface Attempted {
  readonly outcome: Outcome
  readonly deadline: Deadline | undefined
}

/** Sends one request once. Never throws; nothing of an earlier attempt is carried over. */
export async function attempt(sending: Sending): Promise<Attempted> {
  const { signal, timeout, now, began: started } = sending
  if (signal?.aborted) return { outcome: { type: 'aborted' }, deadline: undefined }
  const deadline = timeout === undefined ? undefined : new Deadline(timeout, signal, sending.owner)
  let refused: RedirectRefusal | undefined
  try {
    const sent = sendOnce(sending, deadline, (why) => {
      refused = why
    })
    const response = await (deadline === undefined ? sent : settled(sent, deadline))
    deadline?.stopTimer()
    const ms = now() - started
    if (refused !== undefined) return { outcome: { type: 'redirect-refused', response, why: refused, ms }, deadline }
    return { outcome: { type: 'reply', response, ms }, deadline }
  } catch (thrown) {
    deadline?.release()
    const ms = now() - started
    if (signal?.aborted) return { outcome: { type: 'aborted' }, deadline: undefined }
    return { outcome: { type: 'thrown', thrown, timedOut: deadline?.timedOut ?? false, ms }, deadline: undefined }
  }
}

function sendOnce(
  { send, changes, guarded }: Sending,
  deadline: Deadline | undefined,
  refuse: (why: RedirectRefusal) => void,
): Promise<Response> {
  const signalled =
    deadline === undefined
      ? changes
      : changes === undefined
        ? { signal: deadline.signal }
        : { ...changes, signal: deadline.signal }
  if (guarded === undefined) return send(signalled)
  return follow({
    ...guarded,
    refuse,
    send: (hop) =>
      send({
        ...signalled,
        redirect: 'manual',
        ...(hop !== guarded.first && { url: hop.url, method: hop.method, headers: hop.headers }),
        ...(hop.body === null && { body: null }),
      }),
  })
}

/** Settles with the request or the deadline, whichever comes first, and lets no late reply hold its socket. */
function settled(sent: Promise<Response>, deadline: Deadline): Promise<Response> {
  return new Promise((resolve, reject) => {
    deadline.onAbort = reject
    sent.then((response) => {
      if (deadline.signal.aborted) void response.body?.cancel().catch(() => {})
      resolve(response)
    }, reject)
  })
}
