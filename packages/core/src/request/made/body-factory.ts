import type { OneCallOptions } from '../../contract/policy.ts'
import type { AttemptBody } from '../../contract/request.ts'
import { OptionsError } from '../../error/options-error.ts'

/** Makes the body of one attempt. */
export type MakeBody = NonNullable<OneCallOptions['body']>

const OPTION = 'resilience.body'

/** The options of a call whose bodies are made. */
type MakingOptions = OneCallOptions & { readonly body: MakeBody }

export type { OneCallOptions }

/** The bodies that options make; `undefined` if they make none. */
export const bodiesOf = (options: OneCallOptions | undefined): BodyFactory | undefined =>
  options?.body && new BodyFactory(options as MakingOptions)

/** The bodies of one request, made one for each attempt. */
export class BodyFactory {
  readonly options: MakingOptions
  /** Made, and not yet sent. */
  #next: AttemptBody | undefined
  #last: WeakRef<object> | undefined
  #sent: BodyInit | undefined
  /** Counts what was asked for: what comes when that is over is not sent. */
  #asked = 0

  constructor(options: MakingOptions) {
    this.options = options
  }

  /** Makes the body of the next attempt. @throws {OptionsError} if what was made is no body that can be sent. */
  async renew(): Promise<void> {
    this.cancel(new DOMException('The attempt was not made.', 'AbortError'))
    const asked = ++this.#asked
    const made: unknown = await this.options.body()
    ignoreStreamErrors(made)
    if (asked !== this.#asked) return giveUp(made, new DOMException('The body came too late.', 'AbortError'))
    if (!isBody(made)) throw new OptionsError(OPTION, `must return a body that \`fetch\` takes, got ${nameOf(made)}.`)
    if (isUsed(made) || (isStream(made) && made === this.#last?.deref()))
      throw new OptionsError(OPTION, 'must return a new stream each time: this one has been read before.')
    if (isStream(made)) this.#last = new WeakRef(made)
    this.#next = made
  }

  /**
   * The members of an init that carry the body; fetch wants `duplex` with a stream. A client within gets the options without
   * the function: it has the body that was made, and could make none for the attempts of this one.
   */
  take(): RequestInit {
    const [next, { body, ...resilience }] = [this.#next, this.options]
    this.#next = undefined
    this.#sent = isStream(next) ? undefined : (next as BodyInit | undefined)
    return { body: next, resilience, ...(isStream(next) && { duplex: 'half' }) } as RequestInit
  }

  /** The body that was taken last; `undefined` for a stream, which shows nothing. */
  get sent(): BodyInit | undefined {
    return this.#sent
  }

  /** Lets go of that body. */
  forget(): void {
    this.#sent = undefined
  }

  /** Gives up a body that nobody will send. */
  cancel(reason: unknown): void {
    const body = this.#next
    this.#next = undefined
    giveUp(body, reason)
  }

  /** Gives up a body that nobody will send, also one that is still being made. */
  end(reason: unknown): void {
    this.#asked++
    this.cancel(reason)
  }
}

function giveUp(body: unknown, reason: unknown): void {
  if (body instanceof ReadableStream) {
    if (!body.locked) void body.cancel(reason).catch(() => {})
  } else if (isStream(body)) destroy(body)
}

function destroy(body: { destroy?: () => void }): void {
  try {
    body.destroy?.()
  } catch {
    // The mistake of a body that nobody sends must not take the place of the call's own end.
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

/** True for a stream that somebody reads or has read, as far as it shows. */
function isUsed(body: AttemptBody): boolean {
  const { locked, destroyed, readableDidRead } = body as {
    locked?: unknown
    destroyed?: unknown
    readableDidRead?: unknown
  }
  return locked === true || destroyed === true || readableDidRead === true
}

const nameOf = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'object' ? 'an object that is none' : `a value of type ${typeof value}`
