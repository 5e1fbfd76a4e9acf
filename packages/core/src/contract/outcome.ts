/** What one attempt brought: a reply, a redirect that was not followed, the value that `fetch` threw, or the caller's abort. */
export type Outcome =
  | { readonly type: 'reply'; readonly response: Response; readonly ms: number }
  | {
      readonly type: 'redirect-refused'
      readonly response: Response
      readonly why: RedirectRefusal
      readonly ms: number
    }
  | { readonly type: 'thrown'; readonly thrown: unknown; readonly timedOut: boolean; readonly ms: number }
  | { readonly type: 'aborted' }

/** Why a redirect of a request with credentials was not followed. */
export type RedirectRefusal = 'REDIRECT_UNTRUSTED' | 'REDIRECT_HIDDEN' | 'REDIRECT_LIMIT' | 'REDIRECT_BODY_ONCE'
