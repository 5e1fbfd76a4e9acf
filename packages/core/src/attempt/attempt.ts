import type { AttemptOutcome, RedirectRefusal } from '../contract/attempt-outcome.ts'
import { systemClock } from '../contract/clock.ts'
import type { Changes } from '../contract/request.ts'
import { Deadline } from './deadline.ts'
import { type Following, followRedirects, isRedirect, type RedirectPlan } from './redirect.ts'
import { discard, takenReply } from './reply.ts'

/** The parts of a call that its attempts need. */
export interface Sender {
  /** Start of the attempt under way, in monotonic milliseconds. */
  readonly attemptStartedAt: number
  /** The caller's own. */
  readonly signal: AbortSignal | null | undefined
  readonly request: { readonly givenInput: unknown }
  /** True once it was ended from outside: nothing more is sent. */
  readonly isTerminated: boolean
  /** The deadline of the attempt, which still holds for the body of its reply; the attempt can be given up through it. */
  attemptDeadline: Deadline | undefined
  send(changes: Changes): Promise<Response>
}

/** Makes the redirect plan, when the first redirect comes. */
export type PlanRedirects<S> = (sender: S) => RedirectPlan

/** Told of the outcome of an attempt, once. */
export type Tell<S> = (sender: S, outcome: AttemptOutcome) => void

/** The redirects of an attempt, if the engine follows them. */
interface Redirects<S extends Sender> {
  readonly plan: PlanRedirects<S>
  readonly own: Changes
  /** Facts about them; absent before the first. */
  seen: RedirectFacts | undefined
}

interface RedirectFacts {
  refused: RedirectRefusal | undefined
  /** The error that caused the refusal. */
  cause: unknown
  answered: boolean
  followed: boolean
}

const NONE: RedirectFacts = Object.freeze({ refused: undefined, cause: undefined, answered: false, followed: false })
const ABORTED: AttemptOutcome = Object.freeze({ type: 'aborted' })

/**
 * Sends one request once, and calls `tell` with the outcome. Nothing of an earlier attempt is carried over.
 *
 * It takes a callback and returns no promise, so that a good reply takes no extra microtask.
 *
 * @param timeout milliseconds until the headers must be there; `Infinity` for no limit.
 * @param changes the changes by signing and re-routing.
 * @param planRedirects absent if `fetch` follows redirects.
 */
export function attempt<S extends Sender>(
  sender: S,
  timeout: number,
  changes: Changes | undefined,
  planRedirects: PlanRedirects<S> | undefined,
  tell: Tell<S>,
): void {
  const { signal, request, attemptStartedAt, isTerminated } = sender
  if (signal?.aborted || isTerminated) return tell(sender, ABORTED)
  const limit = timeout === Number.POSITIVE_INFINITY ? undefined : timeout
  const deadline = new Deadline(limit, signal, request.givenInput, attemptStartedAt)
  sender.attemptDeadline = deadline
  const own = withLimits(changes, deadline.ofFetch, planRedirects !== undefined)
  const redirects = planRedirects && { plan: planRedirects, own, seen: undefined }
  new Attempt(sender, redirects, tell).send(own, deadline)
}

/** Adds the signal of the attempt, even without a time limit: closing the client aborts it. */
function withLimits(changes: Changes | undefined, signal: AbortSignal, isFollowed: boolean): Changes {
  if (changes === undefined) return isFollowed ? { signal, redirect: 'manual' } : { signal }
  return isFollowed ? { ...changes, signal, redirect: 'manual' } : { ...changes, signal }
}

/** One attempt under way. */
class Attempt<S extends Sender> {
  readonly #sender: S
  readonly #redirects: Redirects<S> | undefined
  readonly #tell: Tell<S>
  #isOver = false

  constructor(sender: S, redirects: Redirects<S> | undefined, tell: Tell<S>) {
    this.#sender = sender
    this.#redirects = redirects
    this.#tell = tell
  }

  send(own: Changes, deadline: Deadline): void {
    const fail = (thrown: unknown) => this.#fail(thrown)
    deadline.onAbort = fail
    try {
      this.#sender.send(own).then((value) => this.#take(value), fail)
    } catch (thrown) {
      fail(thrown)
    }
  }

  #take(value: unknown): void {
    // A reply that comes too late must not hold its socket.
    if (this.#isOver) return discard(value)
    let response: Response
    try {
      response = takenReply(value)
    } catch (thrown) {
      return this.#fail(thrown)
    }
    const sender = this.#sender
    const redirects = this.#redirects
    if (redirects !== undefined && redirects.seen === undefined && isRedirect(response))
      return this.#follow(redirects, response)
    this.#isOver = true
    sender.attemptDeadline?.replied()
    const ms = systemClock.now() - sender.attemptStartedAt
    // If fetch follows redirects, its reply shows that, and is looked at only after a fault.
    if (redirects === undefined) return this.#tell(sender, { type: 'reply', response, ms })
    const { refused: why, cause, answered: answeredByRedirect } = redirects.seen ?? NONE
    this.#tell(
      sender,
      why === undefined
        ? { type: 'reply', response, ms, answeredByRedirect }
        : { type: 'redirect-refused', response, why, cause, ms, answeredByRedirect },
    )
  }

  #fail(thrown: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    const sender = this.#sender
    const seen = this.#redirects?.seen ?? NONE
    const { attemptDeadline: deadline } = sender
    deadline?.release()
    if (sender.signal?.aborted) return this.#tell(sender, ABORTED)
    this.#tell(sender, {
      type: 'thrown',
      thrown,
      timedOut: deadline?.timedOut ?? false,
      ms: systemClock.now() - sender.attemptStartedAt,
      answeredByRedirect: seen.answered,
      afterRedirect: seen.followed,
    })
  }

  #follow(redirects: Redirects<S>, first: Response): void {
    const seen = { ...NONE }
    redirects.seen = seen
    follow(this.#sender, redirects.plan, redirects.own, first, seen).then(
      (value) => this.#take(value),
      (thrown) => this.#fail(thrown),
    )
  }
}

/** Follows a redirect by the sender's redirect plan. */
async function follow<S extends Sender>(
  sender: S,
  planRedirects: (sender: S) => RedirectPlan,
  own: Changes,
  first: Response,
  seen: RedirectFacts,
): Promise<Response> {
  let plan: RedirectPlan
  try {
    plan = planRedirects(sender)
  } catch (thrown) {
    // An exception in a vendor's hook must not hold the socket.
    discard(first)
    throw thrown
  }
  const following: Following = {
    ...plan,
    signal: own.signal,
    onRefused: (why, cause) => {
      seen.refused = why
      seen.cause = cause
    },
    onAnswered: () => {
      seen.answered = true
    },
    send({ url, method, headers, body }) {
      seen.followed = true
      return sender.send({ ...own, url, method, headers, ...(body === null && { body }) })
    },
  }
  return followRedirects(following, first)
}
