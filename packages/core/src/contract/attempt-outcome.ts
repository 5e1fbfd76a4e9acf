interface EndedAttempt {
  readonly ms: number
  /**
   * True if a redirect had answered the request itself, so that the reply is only that of its target. Absent if `fetch` follows
   * redirects: then its reply shows that.
   */
  readonly answeredByRedirect?: boolean | undefined
}

/** The step in which a request was that was aborted before anything of it was sent. */
export type Unsent = 'queued' | 'connecting'

const unsent = new WeakMap<object, WeakMap<AbortSignal, Unsent>>()

/**
 * Tells the client that a request was aborted before anything of it was sent, so that it may be sent again. For a `fetch` that
 * knows. The client accepts this only from the function that it was given, because another one around it may have sent before.
 *
 * @param fetch the function that the client was made with.
 * @param signal the signal in the init of the request, while it is being aborted.
 * @param where `queued` behind other requests of this process, which says nothing of the service, or `connecting`.
 */
export function tellUnsent(fetch: object, signal: AbortSignal, where: Unsent): void {
  const known = unsent.get(fetch) ?? new WeakMap<AbortSignal, Unsent>()
  unsent.set(fetch, known.set(signal, where))
}

/** The step of the request with this signal, if its `fetch` has said that it was not sent. */
export const unsentOf = (fetch: object, signal: AbortSignal): Unsent | undefined => unsent.get(fetch)?.get(signal)

/** Outcome of one attempt: a reply, a redirect not followed, the value that `fetch` threw, or the caller's abort. */
export type AttemptOutcome =
  | ({ readonly type: 'reply'; readonly response: Response } & EndedAttempt)
  | ({
      readonly type: 'redirect-refused'
      readonly response: Response
      readonly why: RedirectRefusal
      /** The error that caused the refusal. */
      readonly cause?: unknown
    } & EndedAttempt)
  | ({
      readonly type: 'thrown'
      readonly thrown: unknown
      readonly timedOut: boolean
      /** True if it was thrown after a redirect. */
      readonly afterRedirect?: boolean
    } & EndedAttempt)
  | { readonly type: 'aborted' }

/** The reason why a redirect was not followed. */
export type RedirectRefusal =
  | 'REDIRECT_UNTRUSTED'
  | 'REDIRECT_HIDDEN'
  | 'REDIRECT_REFUSED'
  | 'REDIRECT_LIMIT'
  | 'REDIRECT_BODY_NOT_REPLAYABLE'
  | 'OPTION_FAILED'
