import { decoded, decodersOf } from './decoded.ts'
import type { Head } from './exchange.ts'
import { type BodyOwner, ByteQueue, type ReplyBody } from './reply-body.ts'

/** Facts about a reply beside its head. */
export interface ReplyFacts {
  readonly url: URL
  readonly method: string
  readonly type: ResponseType
  readonly isRedirected: boolean
  readonly owner: BodyOwner
}

/** A `Response` that can be asked where it came from, as one of `fetch`. */
class DispatchedResponse extends Response {
  readonly #facts: ReplyFacts
  readonly #head: Head

  constructor(body: BodyInit | null, head: Head, headers: HeadersInit, facts: ReplyFacts) {
    super(body, { ...lineOf(head), headers })
    this.#facts = facts
    this.#head = head
    const { status, statusText } = head
    if (status === this.status && statusText === this.statusText) return
    Object.defineProperties(this, { status: { value: status }, statusText: { value: statusText } })
    if (status > 599) Object.defineProperty(this, 'ok', { value: false })
  }

  override get url(): string {
    const { href, hash } = this.#facts.url
    return hash === '' ? href : href.slice(0, -hash.length)
  }

  override get redirected(): boolean {
    return this.#facts.isRedirected
  }

  override get type(): ResponseType {
    return this.#facts.type
  }

  override clone(): Response {
    return new DispatchedResponse(super.clone().body, this.#head, this.headers, this.#facts)
  }
}

// A server may send a status or a word that a `Response` may be received with, but not made with.
function lineOf({ status, statusText }: Head): ResponseInit {
  return {
    ...(status <= 599 && { status }),
    ...(/^[\t -~\x80-\xff]*$/.test(statusText) && { statusText }),
  }
}

/** Statuses without a body (Fetch standard). */
const BODILESS: readonly number[] = [204, 205, 304]

/** Makes a reply of its head, and what takes its body from the wire; `undefined` where it has none. */
export function replyOf(
  head: Head,
  facts: ReplyFacts,
): { readonly reply: Response; readonly body: ReplyBody | undefined } {
  const headers = headersOf(head.headers)
  if (facts.method === 'HEAD' || BODILESS.includes(head.status))
    return { reply: new DispatchedResponse(null, head, headers, facts), body: undefined }
  const coding = head.headers['content-encoding']
  const decoders = coding === undefined ? [] : decodersOf(String(coding))
  const { queue, body } = decoders.length === 0 ? plain(facts.owner) : decoded(decoders, facts.owner)
  const stream = new ReadableStream(queue) as ReadableStream<Uint8Array<ArrayBuffer>>
  return { reply: new DispatchedResponse(stream, head, headers, facts), body }
}

function plain(owner: BodyOwner) {
  const queue = new ByteQueue(owner)
  return { queue, body: queue }
}

function headersOf(record: Head['headers']): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(record)) {
    try {
      if (typeof value === 'string') headers.append(name, value)
      else for (const one of value) headers.append(name, one)
    } catch {
      // A header that can be received, and that no `Headers` can be made with.
    }
  }
  return headers
}

const dropped = new FinalizationRegistry<BodyOwner>((owner) => owner.drop(undefined))

/** Frees the connection of a body that nobody has kept. */
export function freeWhenDropped(stream: ReadableStream, owner: BodyOwner): void {
  dropped.register(stream, owner)
}
