interface Ended {
  readonly ms: number
  /** True where a redirect had answered the request itself: what was seen is only the page that it points to. */
  readonly answered?: boolean
}

/** What one attempt brought: a reply, a redirect that was not followed, the value that `fetch` threw, or the caller's abort. */
export type Outcome =
  | ({ readonly type: 'reply'; readonly response: Response } & Ended)
  | ({ readonly type: 'redirect-refused'; readonly response: Response; readonly why: RedirectRefusal } & Ended)
  | ({ readonly type: 'thrown'; readonly thrown: unknown; readonly timedOut: boolean } & Ended)
  | { readonly type: 'aborted' }

/** Why a redirect was not followed. */
export type RedirectRefusal = 'REDIRECT_UNTRUSTED' | 'REDIRECT_HIDDEN' | 'REDIRECT_LIMIT' | 'REDIRECT_BODY_ONCE'
