import { decoded, decodersOf } from './decoded.ts'
import { DispatchedResponse, type ReplyFacts } from './dispatched-response.ts'
import type { Head } from './exchange.ts'
import { type BodySink, type BodySource, ReplyBody } from './reply-body.ts'

/** Statuses without a body (Fetch standard). */
const BODILESS: readonly number[] = [204, 205, 304]

/** A reply, its body, and the consumer of the body; the latter two are absent if it has none. */
export interface MadeReply {
  readonly reply: Response
  readonly body?: ReplyBody
  readonly sink?: BodySink
}

/** Makes a reply from its head. @throws {Error} for too many content codings. */
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
    // A header that can be received, but that `Headers` refuses.
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
