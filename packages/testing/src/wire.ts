import type { Fault } from '@holdfast/core/plugin'

/** One reply as a server would send it. */
export interface WireReply {
  readonly status: number
  /** @default none, not even a content type */
  readonly headers?: NonNullable<RequestInit['headers']>
  /** @default no body */
  readonly body?: string
  /** The request that such a reply belongs to, if not every request can get it. The URL may be a path. */
  readonly request?: { readonly method: string; readonly url: string }
}

/** Writes a fault in one of a vendor's shapes; `undefined` if that shape cannot carry the fault. */
export type WriteFault = (fault: Fault) => WireReply | undefined

/**
 * The form of a vendor's faults on the wire, by the name of the shape: the inverse of the vendor's `parse`.
 *
 * A vendor package offers it under `@holdfast/<vendor>/testing`. The type is structural, so the vendor needs no import for it.
 *
 * @example
 * export const wire = {
 *   api: (fault: Fault) => ({ status: fault.status ?? 400, headers: {}, body: JSON.stringify({ error_type: fault.code }) }),
 * }
 */
export type Wire = Readonly<Record<string, WriteFault>>

const withoutBody = new Set([204, 205, 304])

/** Makes the reply a `Response`, with exactly the headers it names and a `Content-Length`. */
export function toResponse(reply: WireReply): Response {
  const headers = new Headers(reply.headers)
  if (withoutBody.has(reply.status)) return new Response(null, { status: reply.status, headers })
  // Bytes, because a string would make `Response` add a content type, and servers also send bodies without one.
  const body = new TextEncoder().encode(reply.body ?? '')
  if (!headers.has('content-length')) headers.set('content-length', String(body.byteLength))
  return new Response(body.byteLength === 0 ? null : body, { status: reply.status, headers })
}
