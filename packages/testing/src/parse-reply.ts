import type { Fault, RequestFacts, Vendor } from '@holdfast/core/plugin'
import { toResponse, type WireReply } from './wire.ts'

/** Reads a reply as the engine would. */
export function parseReply(
  vendor: Pick<Vendor, 'parse'>,
  reply: WireReply,
  method: string,
  url: string,
): Fault | undefined {
  const { headers } = toResponse(reply)
  return vendor.parse({
    status: reply.status,
    headers,
    text: reply.body ?? '',
    complete: true,
    request: factsOf(method, url),
  })
}

/** A request as vendors see it. */
export function factsOf(method: string, url: string): RequestFacts {
  const { href, origin, pathname, search } = new URL(url)
  return { method, url: href, origin, path: pathname, query: search.slice(1), bodyText: undefined }
}
