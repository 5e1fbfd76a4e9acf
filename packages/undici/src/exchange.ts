import type { BodySink } from './reply-body.ts'

/** The head of a reply, with header names in lower case. */
export interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: Readonly<Record<string, string | string[]>>
}

/** The receiver of the events of an exchange. */
export interface ExchangeOwner {
  /** Returns the consumer of the body; `undefined` if it is not read. */
  onHead(head: Head): BodySink | undefined
  onEnd(): void
  onError(error: unknown): void
}

/** The object by which undici lets a request under way be controlled. */
interface Controller {
  abort(reason: unknown): void
  pause?(): void
  resume?(): void
}

/** Most bytes of an unwanted body that are read, so that the connection can be used again. */
const UNWANTED = 131_072

/**
 * The dispatcher's handler for one request and its reply. It has the methods of two interfaces: those of undici 7 and 8
 * (`onRequestStart` and the following), and those of undici 6, which is part of Node.js 22 (`onConnect` and the following).
 */
export class Exchange {
  #owner: ExchangeOwner | undefined
  #controller: Controller | undefined
  #abortReason: { readonly reason: unknown } | undefined
  #body: BodySink | undefined
  #received = 0
  #claimed = 0

  constructor(owner: ExchangeOwner) {
    this.#owner = owner
  }

  /** True from when the request is about to be written. */
  get hasStarted(): boolean {
    return this.#controller !== undefined
  }

  /**
   * True if less of the body has come than the content-length says. undici 6 and 7 end an HTTP/2 stream that is reset with NO_ERROR
   * or CANCEL as if it were complete.
   */
  get isCutOff(): boolean {
    return this.#received < this.#claimed
  }

  abort(reason: unknown): void {
    this.detach()
    this.#abortReason = { reason }
    this.#controller?.abort(reason)
  }

  /** Abandons the exchange: the rest of its body is read and discarded. */
  detach(): void {
    this.#owner = undefined
    this.#body = undefined
  }

  resume(): void {
    this.#controller?.resume?.()
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#abortReason !== undefined) controller.abort(this.#abortReason.reason)
  }

  onResponseStart(_: Controller, status: number, headers: Head['headers'], statusText = ''): void {
    this.#takeHead({ status, statusText, headers })
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    if (!this.#take(chunk)) controller.pause?.()
  }

  onResponseEnd(): void {
    this.#owner?.onEnd()
  }

  onResponseError(_: Controller | null, error: unknown): void {
    this.onError(error)
  }

  onConnect(abort: (reason: unknown) => void): void {
    this.onRequestStart({ abort })
  }

  onHeaders(status: number, raw: readonly unknown[], resume: () => void, statusText = ''): boolean {
    if (this.#controller !== undefined) this.#controller.resume = resume
    this.#takeHead({ status, statusText, headers: recordOf(raw) })
    return true
  }

  onData(chunk: Uint8Array): boolean {
    return this.#take(chunk)
  }

  onComplete(): void {
    this.onResponseEnd()
  }

  onError(error: unknown): void {
    const owner = this.#owner
    this.#owner = undefined
    owner?.onError(error)
  }

  #takeHead(head: Head): void {
    // An informational response, such as 103, is no answer.
    if (head.status < 200) return
    this.#claimed = Number(head.headers['content-length'] ?? 0)
    this.#body = this.#owner?.onHead(head)
  }

  /** Returns false to pause. */
  #take(chunk: Uint8Array): boolean {
    this.#received += chunk.byteLength
    if (this.#body !== undefined) return this.#body.write(chunk)
    if (this.#received > UNWANTED) this.#controller?.abort(new DOMException('The body is not wanted.', 'AbortError'))
    return true
  }
}

/** The headers of undici 6: names and values alternating, as bytes; a value may be a list. */
function recordOf(raw: readonly unknown[]): Head['headers'] {
  const record: Record<string, string | string[]> = {}
  for (let at = 0; at < raw.length; at += 2) {
    const name = latin1(raw[at]).toLowerCase()
    const value = raw[at + 1]
    const text = Array.isArray(value) ? value.map(latin1) : latin1(value)
    const before = Object.hasOwn(record, name) ? record[name] : undefined
    if (before === undefined) record[name] = text
    else record[name] = [before, text].flat()
  }
  return record
}

const latin1 = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
