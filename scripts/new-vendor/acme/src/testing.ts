import type { Fault } from '@holdfast/core/plugin'

/** One reply as Acme would send it. */
export interface AcmeReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The request that such a reply belongs to, where not just any request can get it. The URL may be a path. */
  readonly request?: { readonly method: string; readonly url: string }
}

/** Writes a fault as a reply, one function for each shape: the inverse of `parse`. */
export const wire = {
  json: ({ code, status = 400, message, params }: Fault): AcmeReply => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, message, params }),
  }),
}
