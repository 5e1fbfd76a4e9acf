import type { AttemptOutcome, RedirectRefusal } from '../contract/attempt-outcome.ts'
import type { Changes } from '../contract/request.ts'
import { Deadline } from './deadline.ts'
import { followRedirects, type RedirectPlan } from './redirect.ts'
import { discard, takenReply } from './reply.ts'

/** One attempt about to be made. */
export interface AttemptInput {
  send(changes: Changes | undefined): Promise<Response>
  /** Monotonic milliseconds at which it begins. */
  readonly startedAt: number
  now(): number
  /** The caller's own. */
  readonly signal: AbortSignal | null | undefined
  /** Given the limits of this attempt, so that it can be given up from outside. */
  readonly holder: { attemptDeadline: Deadline | undefined }
  /** The owner of that signal, kept so that it goes on working; see {@link Deadline}. */
  readonly owner: object
  /** Milliseconds until the headers must be there; `undefined` for no limit. */
  readonly timeout: number | undefined
  /** The changes made by signing and re-routing. */
  readonly changes: Changes | undefined
  /** Set where redirects are to be followed here, and not by `fetch`. */
  readonly redirectPlan: RedirectPlan | undefined
}

/** The outcome of an attempt, and the limits that still hold for the body of its reply. */
export interface EndedSending {
  readonly outcome: AttemptOutcome
  readonly deadline: Deadline | undefined
}

/** Sends one request once. Never throws; nothing of an earlier attempt is carried over. */
export async function attempt(sending: AttemptInput): Promise<EndedSending> {
  const { signal, timeout, now, startedAt } = sending
  if (signal?.aborted) return { outcome: { type: 'aborted' }, deadline: undefined }
  const isLimited = timeout !== undefined
  const deadline = isLimited || signal != null ? new Deadline(timeout, signal, sending.owner) : undefined
  sending.holder.attemptDeadline = deadline
  const seen: Redirects = { refused: undefined, answered: false, followed: false }
  try {
    const sent = sendOnce(sending, isLimited ? deadline?.signal : undefined, seen)
    const response = takenReply(await (deadline === undefined ? sent : withDeadline(sent, deadline)))
    deadline?.stopTimer()
    // Without a limit fetch has the caller's own signal, which goes on to hold for the body.
    if (!isLimited) deadline?.release()
    const limits = { deadline: isLimited ? deadline : undefined }
    const { refused } = seen
    const answeredByRedirect = sending.redirectPlan === undefined ? response.redirected : seen.answered
    const ended = { response, ms: now() - startedAt, answeredByRedirect }
    if (refused !== undefined) return { outcome: { type: 'redirect-refused', why: refused, ...ended }, ...limits }
    return { outcome: { type: 'reply', ...ended }, ...limits }
  } catch (thrown) {
    deadline?.release()
    const ended = { ms: now() - startedAt, answeredByRedirect: seen.answered, afterRedirect: seen.followed }
    if (signal?.aborted) return { outcome: { type: 'aborted' }, deadline: undefined }
    return {
      outcome: { type: 'thrown', thrown, timedOut: deadline?.timedOut ?? false, ...ended },
      deadline: undefined,
    }
  }
}

/** Facts about the redirects of an attempt, as they become known. */
interface Redirects {
  refused: RedirectRefusal | undefined
  answered: boolean
  followed: boolean
}

function sendOnce(
  { send, changes, redirectPlan, signal: caller }: AttemptInput,
  signal: AbortSignal | undefined,
  seen: Redirects,
): Promise<Response> {
  const signalled = signal === undefined ? changes : changes === undefined ? { signal } : { ...changes, signal }
  if (redirectPlan === undefined) return send(signalled)
  return followRedirects({
    ...redirectPlan,
    signal: signal ?? caller,
    onRefused: (why) => {
      seen.refused = why
    },
    onAnswered: () => {
      seen.answered = true
    },
    send: (hop) => {
      seen.followed = hop !== redirectPlan.first
      return send({
        ...signalled,
        redirect: 'manual',
        ...(seen.followed && { url: hop.url, method: hop.method, headers: hop.headers }),
        ...(hop.body === null && { body: null }),
      })
    },
  })
}

/** Settles with the request or the deadline, whichever comes first, and lets no late reply hold its socket. */
function withDeadline(sent: Promise<Response>, deadline: Deadline): Promise<Response> {
  return new Promise((resolve, reject) => {
    deadline.onAbort = reject
    sent.then((response) => {
      // Its promise would hold the reply for as long as the caller's signal holds the deadline.
      deadline.onAbort = undefined
      if (deadline.signal.aborted) discard(response)
      resolve(response)
    }, reject)
  })
}
