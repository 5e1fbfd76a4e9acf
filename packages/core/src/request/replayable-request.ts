import type { Changes, RequestFacts } from '../contract/request.ts'
import { isSearchable, type ReadForSecrets, readForSecrets, textForSecrets, textIn } from './body-text.ts'
import { cancelBody } from './cancel-body.ts'
import { factsAt, factsOf } from './facts.ts'
import { type FetchArguments, handOver } from './fetch-arguments.ts'
import { isRequest } from './is-request.ts'
import { type BodyFactory, bodiesOf, isStream, type OneCallOptions } from './made/body-factory.ts'
import { Recording, type Waiting } from './recording.ts'
import { sizeOf, statedLength } from './size-of.ts'
import { signalOf, snapshotInit, snapshotInput } from './snapshot.ts'

export type { FetchArguments }

/** The caller's request with what is needed to send it again, if that is possible. Nothing is copied that need not be. */
export class ReplayableRequest {
  readonly facts: RequestFacts
  readonly signal: AbortSignal | null | undefined
  /** The caller's own input: the signal of a `Request` works only until the `Request` is collected. */
  readonly givenInput: string | URL | Request
  #givenInit: RequestInit | undefined
  readonly #input: string | Request
  #init: RequestInit | undefined
  /** The headers of a `Request` when the call was made. */
  readonly #requestHeaders: Record<string, string> | undefined
  readonly #isStream: boolean
  /** The bodies of its attempts, if a function of the caller's makes them. */
  readonly bodies: BodyFactory | undefined
  #recording: Recording | undefined
  #loaded: Uint8Array<ArrayBuffer> | undefined
  /** The body; `null` for bytes that are no text. */
  #text: string | null | undefined
  /** The same for a body that vendors do not see, read to search it for secrets. */
  #read: ReadForSecrets | undefined
  #sent = false
  #isForgotten = false

  /** @param options a copy of the options of the call, which may make the body of each attempt. */
  constructor(input: string | URL | Request, init: RequestInit | undefined, options?: OneCallOptions) {
    this.bodies = bodiesOf(options)
    this.givenInput = input
    this.#givenInit = init
    this.#input = snapshotInput(input)
    this.#init = snapshotInit(init, options)
    this.facts = factsOf(this.#input, this.#init, this)
    // From the snapshot, because the caller's members may be getters.
    this.#isStream = isStream(this.#init?.body)
    this.signal = signalOf(this.#init, input)
    if (isRequest(input) && this.#init?.headers === undefined) this.#requestHeaders = Object.fromEntries(input.headers)
  }

  /** The caller's own arguments. They must be used at once, because the caller may change them later. */
  get given(): FetchArguments {
    return [this.givenInput, this.#givenInit]
  }

  get redirect(): RequestRedirect {
    return this.#init?.redirect ?? (isRequest(this.#input) ? this.#input.redirect : 'follow')
  }

  get headers(): HeadersInit | undefined {
    return this.#init?.headers ?? this.#requestHeaders
  }

  /** The body that the caller gave; that of a `Request` only if it was read. */
  get body(): BodyInit | null | undefined {
    return this.#loaded ?? this.#init?.body
  }

  /** The body as text, if it is text or UTF-8 bytes; that of a `Blob` only if it was read. */
  get bodyText(): string | undefined {
    const { body } = this
    if (typeof body === 'string' || body instanceof URLSearchParams) return String(body)
    if (this.#text === undefined && (body instanceof ArrayBuffer || ArrayBuffer.isView(body))) this.#text = textIn(body)
    return this.#text ?? undefined
  }

  get hasBody(): boolean {
    return this.bodies !== undefined || this.hasGivenBody
  }

  /** True if the body is in the arguments, and not made for each attempt. */
  get hasGivenBody(): boolean {
    return this.body != null || this.#ownsRequestBody()
  }

  /** True for a `Blob` or a `Request`'s own body that was not read. */
  get hasUnreadBody(): boolean {
    return (this.#loaded === undefined && this.#ownsRequestBody()) || this.#init?.body instanceof Blob
  }

  /** Reads such a body before it is sent, unless it is too large or still coming. */
  async readUnreadBody(limit: number, waiting: Waiting): Promise<void> {
    const body = this.#init?.body
    // A `Blob` can be read any number of times, so it is sent as it is.
    if (body instanceof Blob && body.size <= limit) this.#text = textIn(await body.arrayBuffer().catch(() => undefined))
    this.startRecording(limit)
    await this.loadBody(waiting)
  }

  /** Reads the recording of a body that its vendor does not see, to search it for secrets. `undefined` if there is none. */
  readForSecrets(limit: number, waiting: Waiting): Promise<void> | undefined {
    if (this.bodyText !== undefined || !(this.hasUnreadBody || this.bodyForSecrets instanceof Blob)) return undefined
    return readForSecrets(this.bodyForSecrets, limit, () => this.#recording?.bytes(waiting)).then((read) => {
      this.#read = read
    })
  }

  /** True if the body can be searched for secrets. */
  get isSearchable(): boolean {
    return isSearchable(this.bodyText ?? this.bodyForSecrets, this.#read)
  }

  /** The body to search for secrets: if bodies are made, the one that was sent last. */
  get bodyForSecrets(): BodyInit | null | undefined {
    return this.bodies?.sent ?? this.body
  }

  /** The same facts, with as much of the body as is searched for secrets. */
  factsForSecrets({ url, method }: RequestFacts, longest?: number): RequestFacts {
    const bodyText = this.bodyText ?? textForSecrets(this.bodyForSecrets, this.#read)
    return factsAt(url, method, { bodyText: bodyText?.slice(0, longest) })
  }

  /** True if it can be sent twice at the same time: it has no body, or one in memory. */
  get canBeSentTwice(): boolean {
    return !this.#isStream && this.bodies === undefined && !this.#ownsRequestBody()
  }

  /** Prepares another attempt. False if the body cannot be sent again. */
  prepareResend(waiting: Waiting): boolean | Promise<boolean> {
    if (!this.#sent || this.#isStream) return !this.#sent
    return this.#ownsRequestBody() ? this.#loadRecorded(waiting).then(() => this.#loaded !== undefined) : true
  }

  /** True if the body could be sent again if it were recorded. */
  isReplayable(limit: number): boolean {
    return !this.#isStream && (!this.#ownsRequestBody() || statedLength(this.#input as Request) <= limit)
  }

  /** Starts recording a `Request`'s body, if another attempt is possible and its declared length fits the limit. */
  startRecording(limit: number): void {
    if (!this.#ownsRequestBody() || this.#recording !== undefined || this.#sent) return
    const request = this.#input as Request
    if (request.bodyUsed || statedLength(request) > limit) return
    const copy = request.clone().body
    if (copy !== null) this.#recording = new Recording(copy, limit)
  }

  /** Reads the body of a `Request` that goes to another URL: from the stream it would be sent without a content-length. */
  loadBody(waiting: Waiting): Promise<void> | undefined {
    return this.#loaded === undefined && this.#ownsRequestBody() ? this.#loadRecorded(waiting) : undefined
  }

  async #loadRecorded(waiting: Waiting): Promise<void> {
    this.#loaded = await this.#recording?.bytes(waiting)
  }

  /** Stops recording, because the call has ended. */
  dispose(): void {
    this.#recording?.stop()
    this.bodies?.end(undefined)
  }

  /** Sends the headers of a `Request` as they were, from now on: its caller goes on, and may change them. */
  keepHeaders(): void {
    if (this.#requestHeaders !== undefined) this.#init = { ...this.#init, headers: this.#requestHeaders }
  }

  /** Drops the body when it is not needed any more: an error whose stack was not read yet keeps the objects of its functions. */
  forget(): void {
    this.#isForgotten = true
    this.bodies?.forget()
    this.#givenInit = undefined
    this.#init = undefined
    this.#recording = undefined
    this.#loaded = undefined
    this.#text = undefined
    this.#read = undefined
  }

  /** Drops a body that is longer than `longest` bytes or characters, or whose length is unknown. */
  forgetBody(longest: number): void {
    if (sizeOf(this.body) <= longest) return
    const init = { ...this.#init, body: null }
    this.forget()
    this.#init = init
  }

  /** Cancels a body stream that was not sent, as `fetch` does for a request that is aborted before it is sent. */
  cancelUnsent(reason: unknown): void {
    this.bodies?.end(reason)
    if (!this.#sent) cancelBody(this.#input, this.#init, reason)
  }

  /** Passes on the arguments of the next `fetch`: those of the call, with the changes. */
  handTo<T>(take: (...given: FetchArguments) => T, given: Changes): T {
    if (this.#isForgotten) throw new DOMException('The call has ended.', 'AbortError')
    const changes = this.bodies === undefined || given.body === null ? given : { ...given, ...this.bodies.take() }
    this.#sent = true
    return handOver(take, this.#input, this.#init, this.#loaded, changes)
  }

  /** The facts of this request at another address. */
  factsAt(url: string): RequestFacts {
    return factsAt(url, this.facts.method, this)
  }

  #ownsRequestBody(): boolean {
    return this.#init?.body == null && isRequest(this.#input) && this.#input.body !== null
  }
}
