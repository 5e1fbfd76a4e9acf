import { isDoubtful, markDoubtful } from './reply.ts'

/** The rest of a body whose beginning was read. */
export type BodyRest = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>

/**
 * Reads a body. Passing a chunk on takes its memory away; that of a byte stream is nobody else's, but whoever has made another
 * stream may give the same bytes out again, so of those each chunk is copied.
 */
export function readerOf(body: ReadableStream<Uint8Array>): BodyRest {
  if (isByteStream(body)) return body.getReader()
  const reader = body.getReader()
  const read = async () => {
    const step = await reader.read()
    return step.value instanceof Uint8Array ? { ...step, value: new Uint8Array(step.value) } : step
  }
  return { read, cancel: (reason) => reader.cancel(reason) }
}

function isByteStream(body: ReadableStream): boolean {
  try {
    body.getReader({ mode: 'byob' }).releaseLock()
    return true
  } catch {
    return false
  }
}

/** The members added to a reply whose body was read and is replayed. */
export interface ReplayedBody {
  /** Bytes that were read from the body already, and come first. */
  readonly head?: readonly Uint8Array<ArrayBuffer>[]
  /** The rest of the body; absent if `head` is the whole body. */
  readonly rest?: BodyRest
  /** Milliseconds without a byte after which the body fails. */
  readonly idle?: number | undefined
  /** Called once, when the body has ended, failed or been cancelled. */
  readonly onEnd?: (() => void) | undefined
}

type Body = ReadableStream<Uint8Array<ArrayBuffer>> | null

/** Makes the class of a reply with a new body that is fetch's own in everything else. */
const makeClass = () =>
  class ReplayedResponse extends Response {
    readonly #original: Response

    constructor(original: Response, body: Body, headers: HeadersInit) {
      super(body, { ...lineOf(original), headers })
      this.#original = original
      const { status, statusText, ok } = original
      if (status === this.status && statusText === this.statusText) return
      Object.defineProperties(this, { status: { value: status }, statusText: { value: statusText }, ok: { value: ok } })
    }

    override get url(): string {
      return this.#original.url
    }

    override get redirected(): boolean {
      return this.#original.redirected
    }

    override get type(): ResponseType {
      return this.#original.type
    }

    override clone(): Response {
      return replayed(this.#original, super.clone().body as Body)
    }
  }

// Made for the first such reply: naming `Response` makes Node.js load its whole HTTP client.
let made: ReturnType<typeof makeClass> | undefined

const replayed = (original: Response, body: Body): Response =>
  isDoubtful(original) ? markDoubtful(rebuilt(original, body)) : rebuilt(original, body)

function rebuilt(original: Response, body: Body): Response {
  made ??= makeClass()
  const ReplayedResponse = made
  const { headers } = original
  try {
    return new ReplayedResponse(original, body, headers)
  } catch {
    return new ReplayedResponse(original, body, [...headers].filter(isMakeable))
  }
}

// Node.js 22 receives a header without a name, which no `Headers` can be made with.
function isMakeable(header: [string, string]): boolean {
  try {
    new Headers([header])
    return true
  } catch {
    return false
  }
}

// A received `Response` may have a status and a status text with which none can be made.
function lineOf({ status, statusText }: Response): ResponseInit {
  return {
    ...(status >= 200 && status <= 599 && { status }),
    ...(/^[\t -~\x80-\xff]*$/.test(statusText) && { statusText }),
  }
}

/** Statuses without a body. Chromium gives a reply with one an empty stream all the same, and makes none with a stream. */
const BODILESS: readonly number[] = [204, 205, 304]

/** True if a reply can be rebuilt with another body: not if it has none, or is opaque. */
export const hasBody = ({ body, status }: Response): boolean =>
  body != null && status >= 200 && !BODILESS.includes(status)

/** Rebuilds a reply with a body of the bytes that were read, then the rest. */
export function withBody(original: Response, passing: ReplayedBody): Response {
  return replayed(original, bodyOf(passing))
}

/** Releases the resources of bodies that were collected. */
const dropped = new FinalizationRegistry<ReplayedBody>(({ rest, onEnd }) => {
  onEnd?.()
  void rest?.cancel().catch(() => {})
})

function bodyOf(passing: ReplayedBody): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { rest, idle, onEnd } = passing
  const pending = [...(passing.head ?? [])]
  const source: UnderlyingByteSource = {
    type: 'bytes',
    async pull(controller) {
      try {
        let chunk = pending.shift() ?? (await nextChunk(rest, idle))
        // A byte stream refuses an empty chunk, which a body may contain.
        while (chunk?.byteLength === 0) chunk = pending.shift() ?? (await nextChunk(rest, idle))
        if (chunk !== undefined) return controller.enqueue(owned(chunk))
        onEnd?.()
        controller.close()
        controller.byobRequest?.respond(0)
      } catch (error) {
        onEnd?.()
        throw error
      }
    },
    async cancel(reason) {
      onEnd?.()
      await rest?.cancel(reason)
    },
  }
  const body = new ReadableStream(source) as ReadableStream<Uint8Array<ArrayBuffer>>
  if (rest !== undefined) dropped.register(body, { rest, onEnd })
  return body
}

// A byte stream transfers the memory of a chunk, which a chunk from a pool shares with others.
const owned = (chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  chunk.byteLength === chunk.buffer.byteLength ? chunk : new Uint8Array(chunk)

async function nextChunk(
  rest: BodyRest | undefined,
  idle: number | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (rest === undefined) return undefined
  if (idle === undefined) return (await rest.read()).value as Uint8Array<ArrayBuffer> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new DOMException(`The body was silent for ${idle} ms.`, 'TimeoutError')
      // Before cancelling, which ends the pending read as if the body were complete.
      reject(error)
      void rest.cancel(error).catch(() => {})
    }, idle)
  })
  try {
    return (await Promise.race([rest.read(), silence])).value as Uint8Array<ArrayBuffer> | undefined
  } finally {
    clearTimeout(timer)
  }
}
