import type { OneCallOptions } from '../../contract/policy.ts'
import type { AttemptBody } from '../../contract/request.ts'
import { OptionsError } from '../../error/options-error.ts'
import { kindOf } from '../../error/shown-value.ts'

/** Makes the body of one attempt. */
export type MakeBody = NonNullable<OneCallOptions['body']>

const OPTION = 'resilience.body'

/** The options of a call whose bodies are made. */
type MakingOptions = OneCallOptions & { readonly body: MakeBody }

export type { OneCallOptions }

/** The factory of the bodies that options make; `undefined` if they make none. */
export const bodiesOf = (options: OneCallOptions | undefined): BodyFactory | undefined =>
  options?.body && new BodyFactory(options as MakingOptions)

/** The bodies of one request, made one for each attempt. */
export class BodyFactory {
  readonly options: MakingOptions
  /** The body that was made and not yet sent. */
  #next: AttemptBody | undefined
  #last: WeakRef<object> | undefined
  #sent: BodyInit | undefined
  /** The number of the last request for a body: one for an earlier request is not sent. */
  #asked = 0

  constructor(options: MakingOptions) {
    this.options = options
  }

  /** Makes the body of the next attempt. @throws {OptionsError} if it cannot be sent as a body. */
  async renew(): Promise<void> {
    this.cancel(new DOMException('The attempt was not made.', 'AbortError'))
    const asked = ++this.#asked
    const made: unknown = ownBytes(await this.options.body())
    ignoreStreamErrors(made)
    if (asked !== this.#asked) return giveUp(made, new DOMException('The body came too late.', 'AbortError'))
    if (!isBody(made)) throw new OptionsError(OPTION, `must return a body that \`fetch\` takes, got ${kindOf(made)}.`)
    if (isUsed(made) || (isStream(made) && made === this.#last?.deref()))
      throw new OptionsError(OPTION, 'must return a new stream each time: this one has been read before.')
    if (isStream(made)) this.#last = new WeakRef(made)
    this.#next = made
  }

  /**
   * The members of an init with the body; fetch needs `duplex` for a stream. An inner client gets the options without the function:
   * it sends the body that was made.
   */
  take(): RequestInit {
    const [next, { body, ...resilience }] = [this.#next, this.options]
    this.#next = undefined
    this.#sent = isStream(next) ? undefined : (next as BodyInit | undefined)
    return { body: next, resilience, ...(isStream(next) && { duplex: 'half' }) } as RequestInit
  }

  /** The body that was taken last; `undefined` for a stream, which cannot be searched. */
  get sent(): BodyInit | undefined {
    return this.#sent
  }

  /** Drops that body. */
  forget(): void {
    this.#sent = undefined
  }

  /** Cancels a body that will not be sent. */
  cancel(reason: unknown): void {
    const body = this.#next
    this.#next = undefined
    giveUp(body, reason)
  }

  /** Cancels a body that will not be sent, also one that is still being made. */
  end(reason: unknown): void {
    this.#asked++
    this.cancel(reason)
  }
}

/** A body; one that is an `ArrayBuffer` of another realm, as in tests with a DOM, as bytes of this one. */
export const ownBytes = <T>(body: T): T | Uint8Array<ArrayBuffer> =>
  !(body instanceof ArrayBuffer) && Object.prototype.toString.call(body) === '[object ArrayBuffer]'
    ? new Uint8Array(body as ArrayBuffer)
    : body

function giveUp(body: unknown, reason: unknown): void {
  if (body instanceof ReadableStream) {
    if (!body.locked) void body.cancel(reason).catch(() => {})
  } else if (isStream(body)) destroy(body)
}

function destroy(body: { destroy?: () => void }): void {
  try {
    body.destroy?.()
  } catch {
    // An error of a body that is not sent must not replace the result of the call.
  }
}

/**
 * Listens to the error events of a Node.js stream that nobody reads yet, such as that of a missing file: without a listener
 * they would end the process. A later reader meets the error all the same.
 */
export function ignoreStreamErrors(body: unknown): void {
  if (isStream(body) && !(body instanceof ReadableStream)) (body as Partial<NodeStream>).on?.('error', () => {})
}

interface NodeStream {
  on(name: 'error', listener: () => void): void
}

/** True for a body that can be read once. */
export const isStream = (body: unknown): body is object =>
  typeof body === 'object' && body !== null && (body instanceof ReadableStream || Symbol.asyncIterator in body)

const isBody = (value: unknown): value is AttemptBody =>
  typeof value === 'string' ||
  isStream(value) ||
  value instanceof Blob ||
  value instanceof ArrayBuffer ||
  ArrayBuffer.isView(value) ||
  value instanceof URLSearchParams ||
  value instanceof FormData

/** True for a stream that visibly is being read or was read. */
function isUsed(body: AttemptBody): boolean {
  const { locked, destroyed, readableDidRead } = body as {
    locked?: unknown
    destroyed?: unknown
    readableDidRead?: unknown
  }
  return locked === true || destroyed === true || readableDidRead === true
}
