import { decoded, decodersOf } from './decoded.ts'
import { DispatchedResponse, type ReplyFacts } from './dispatched-response.ts'
import type { Head } from './exchange.ts'
import { type BodySink, type BodySource, ReplyBody } from './reply-body.ts'

/** Statuses without a body (Fetch standard). */
const BODILESS: readonly number[] = [204, 205, 304]

/** A reply, its body, and what takes that from the wire; the latter two are missing where it has none. */
export interface MadeReply {
  readonly reply: Response
  readonly body?: ReplyBody
  readonly sink?: BodySink
}

/** Makes a reply of its head. @throws {Error} for more content codings than a server has reason to apply. */
export function replyOf(facts: ReplyFacts, method: string, source: BodySource): MadeReply {
  const { head } = facts
  if (method === 'HEAD' || BODILESS.includes(head.status)) return { reply: responseOf(facts, undefined) }
  const coding = head.headers['content-encoding']
  const decoders = coding === undefined ? [] : decodersOf(String(coding))
  if (decoders.length > 0) {
    const { body, sink } = decoded(decoders, source)
    return { reply: responseOf(facts, body), body, sink }
  }
  const body = new ReplyBody(source)
  return { reply: responseOf(facts, body), body, sink: body }
}

function responseOf(facts: ReplyFacts, body: ReplyBody | undefined): Response {
  const { headers } = facts.head
  try {
    if (isPlain(headers)) return new DispatchedResponse(facts, headers, body)
  } catch {
    // A header that can be received, and that no `Headers` can be made with.
  }
  const response = new DispatchedResponse(facts, {}, body)
  for (const [name, values] of Object.entries(headers)) for (const value of [values].flat()) add(response, name, value)
  return response
}

const isPlain = (headers: Head['headers']): headers is Record<string, string> => {
  for (const name in headers) if (typeof headers[name] !== 'string') return false
  return true
}

function add({ headers }: Response, name: string, value: string): void {
  try {
    headers.append(name, value)
  } catch {
    // Nobody could ask for it.
  }
}
