interface EndedAttempt {
  readonly ms: number
  /**
   * True where a redirect had answered the request itself: what was seen is only the page that it points to. Absent where
   * `fetch` follows redirects: its reply says so.
   */
  readonly answeredByRedirect?: boolean | undefined
}

/** Outcome of one attempt: a reply, a redirect not followed, the value that `fetch` threw, or the caller's abort. */
export type AttemptOutcome =
  | ({ readonly type: 'reply'; readonly response: Response } & EndedAttempt)
  | ({ readonly type: 'redirect-refused'; readonly response: Response; readonly why: RedirectRefusal } & EndedAttempt)
  | ({
      readonly type: 'thrown'
      readonly thrown: unknown
      readonly timedOut: boolean
      /** True where it was thrown on the way that a redirect had pointed. */
      readonly afterRedirect?: boolean
    } & EndedAttempt)
  | { readonly type: 'aborted' }

/** The reason why a redirect was not followed. */
export type RedirectRefusal =
  | 'REDIRECT_UNTRUSTED'
  | 'REDIRECT_HIDDEN'
  | 'REDIRECT_REFUSED'
  | 'REDIRECT_LIMIT'
  | 'REDIRECT_BODY_ONCE'
