import type { Changes, RequestFacts } from '../contract/request.ts'
import { cancelBody } from './cancel-body.ts'
import { factsAt, factsOf } from './facts.ts'
import { type FetchArguments, handOver } from './fetch-arguments.ts'
import { isRequest } from './is-request.ts'
import { type BodyFactory, bodiesOf, isStream, type OneCallOptions } from './made/body-factory.ts'
import { Recording, type Waiting } from './recording.ts'
import { sizeOf, statedLength } from './size-of.ts'
import { signalOf, snapshotInit, snapshotInput } from './snapshot.ts'
import { isSearchable, type ReadForSecrets, readForSecrets, textForSecrets } from './text-for-secrets.ts'
import { textIn } from './text-in.ts'

export type { FetchArguments }

/** The caller's request: made repeatable without a copy where it can be, or marked once-only. */
export class ReplayableRequest {
  readonly facts: RequestFacts
  readonly signal: AbortSignal | null | undefined
  /** The caller's own: its signal, if it has one, works as long as somebody holds it. */
  readonly givenInput: string | URL | Request
  #givenInit: RequestInit | undefined
  readonly #input: string | Request
  #init: RequestInit | undefined
  /** Those of a `Request` when the call was made. */
  readonly #requestHeaders: Record<string, string> | undefined
  readonly #isStream: boolean
  /** The bodies of its attempts, where a function of the caller's makes them. */
  readonly bodies: BodyFactory | undefined
  #recording: Recording | undefined
  #loaded: Uint8Array<ArrayBuffer> | undefined
  /** The body; `null` for bytes that are no text. */
  #text: string | null | undefined
  /** The same of a body that vendors do not see, read for the secrets in it. */
  #read: ReadForSecrets | undefined
  #sent = false
  #isForgotten = false

  /** @param options those of the call, as they are now: the body of each attempt may be made, in place of one in the arguments. */
  constructor(input: string | URL | Request, init: RequestInit | undefined, options?: OneCallOptions) {
    this.bodies = bodiesOf(options)
    this.givenInput = input
    this.#givenInit = init
    this.#input = snapshotInput(input)
    this.#init = snapshotInit(init, options)
    this.facts = factsOf(this.#input, this.#init, this)
    // Of the snapshot: members of the caller's own may be getters.
    this.#isStream = isStream(this.#init?.body)
    this.signal = signalOf(this.#init, input)
    if (isRequest(input) && this.#init?.headers === undefined) this.#requestHeaders = Object.fromEntries(input.headers)
  }

  /** The caller's own arguments: to be used at once, for they may be changed afterwards. */
  get given(): FetchArguments {
    return [this.givenInput, this.#givenInit]
  }

  get redirect(): RequestRedirect {
    return this.#init?.redirect ?? (isRequest(this.#input) ? this.#input.redirect : 'follow')
  }

  get headers(): HeadersInit | undefined {
    return this.#init?.headers ?? this.#requestHeaders
  }

  /** The body as the caller gave it; a `Request`'s own body only where it has been read. */
  get body(): BodyInit | null | undefined {
    return this.#loaded ?? this.#init?.body
  }

  /** The body as text, where it is text or bytes that are text in UTF-8; a `Blob`'s only where it has been read. */
  get bodyText(): string | undefined {
    const { body } = this
    if (typeof body === 'string' || body instanceof URLSearchParams) return String(body)
    if (this.#text === undefined && (body instanceof ArrayBuffer || ArrayBuffer.isView(body))) this.#text = textIn(body)
    return this.#text ?? undefined
  }

  get hasBody(): boolean {
    return this.bodies !== undefined || this.hasGivenBody
  }

  /** True if the body is the request's own, and not made for each attempt. */
  get hasGivenBody(): boolean {
    return this.body != null || this.#ownsRequestBody()
  }

  /** True for a `Blob` or a `Request`'s own body that nobody has looked at. */
  get hasUnreadBody(): boolean {
    return (this.#loaded === undefined && this.#ownsRequestBody()) || this.#init?.body instanceof Blob
  }

  /** Reads such a body before it leaves; one that is too large, or still coming, stays unseen. */
  async readUnreadBody(limit: number, waiting: Waiting): Promise<void> {
    const body = this.#init?.body
    // It can be read as often as one likes, so it goes out as it is.
    if (body instanceof Blob && body.size <= limit) this.#text = textIn(await body.arrayBuffer().catch(() => undefined))
    this.startRecording(limit)
    await this.loadBody(waiting)
  }

  /** Reads what was kept of a body that its vendor does not see, for the secrets in it. `undefined` if there is none. */
  readForSecrets(limit: number, waiting: Waiting): Promise<void> | undefined {
    if (this.bodyText !== undefined || !(this.hasUnreadBody || this.bodyForSecrets instanceof Blob)) return undefined
    return readForSecrets(this.bodyForSecrets, limit, () => this.#recording?.bytes(waiting)).then((read) => {
      this.#read = read
    })
  }

  /** True if the body can be looked through for secrets, read for it or not. */
  get isSearchable(): boolean {
    return isSearchable(this.bodyText ?? this.bodyForSecrets, this.#read)
  }

  /** The body in which secrets are looked for: where bodies are made, the one that was sent last. */
  get bodyForSecrets(): BodyInit | null | undefined {
    return this.bodies?.sent ?? this.body
  }

  /** The same facts, and the body that was read for its secrets. */
  factsForSecrets({ url, method }: RequestFacts): RequestFacts {
    return factsAt(url, method, { bodyText: this.bodyText ?? textForSecrets(this.bodyForSecrets, this.#read) })
  }

  /** True if it can be sent while it is being sent: it has no body, or one that is at hand. */
  get canBeSentTwice(): boolean {
    return !this.#isStream && this.bodies === undefined && !this.#ownsRequestBody()
  }

  /** True until a body has left that cannot be sent again. To be asked before every further attempt. */
  prepareResend(waiting: Waiting): boolean | Promise<boolean> {
    if (!this.#sent) return true
    if (this.#isStream) return false
    return this.#ownsRequestBody() ? this.#loadRecorded(waiting).then(() => this.#loaded !== undefined) : true
  }

  /** True if the body could be sent again if it were kept. */
  isReplayable(limit: number): boolean {
    return !this.#isStream && (!this.#ownsRequestBody() || statedLength(this.#input as Request) <= limit)
  }

  /** Prepares a `Request`'s body for another attempt, if one is possible and its declared length fits the limit. */
  startRecording(limit: number): void {
    if (!this.#ownsRequestBody() || this.#recording !== undefined || this.#sent) return
    const request = this.#input as Request
    if (request.bodyUsed || statedLength(request) > limit) return
    const copy = request.clone().body
    if (copy !== null) this.#recording = new Recording(copy, limit)
  }

  /** Has the body of a `Request` at hand that goes to another URL: out of the stream it would go without its length. */
  loadBody(waiting: Waiting): Promise<void> | undefined {
    return this.#loaded === undefined && this.#ownsRequestBody() ? this.#loadRecorded(waiting) : undefined
  }

  async #loadRecorded(waiting: Waiting): Promise<void> {
    this.#loaded = await this.#recording?.bytes(waiting)
  }

  /** The call has ended, and with it the reading of a body that might have been sent again. */
  dispose(): void {
    this.#recording?.stop()
    this.bodies?.end(undefined)
  }

  /** Lets go of the body, once nobody asks any more: an error whose stack nobody has read keeps what its functions ran on. */
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

  /** Lets go of a body that is longer than so many bytes or characters, or whose length nobody knows. */
  forgetBody(longest: number): void {
    if (sizeOf(this.body) <= longest) return
    const init = { ...this.#init, body: null }
    this.forget()
    this.#init = init
  }

  /** Cancels a stream that never left, as `fetch` does with that of a request which is aborted before it is sent. */
  cancelUnsent(reason: unknown): void {
    this.bodies?.end(reason)
    if (!this.#sent) cancelBody(this.#input, this.#init, reason)
  }

  /** Hands over the arguments of the next `fetch`: those of the call as it was made, and the changes. */
  handTo<T>(take: (...given: FetchArguments) => T, attemptChanges: Changes | undefined): T {
    if (this.#isForgotten) throw new DOMException('The call has ended.', 'AbortError')
    // The headers of a `Request` may have been changed since the call was made.
    const isBare = this.#sent && this.#requestHeaders !== undefined && attemptChanges?.headers === undefined
    const resent = isBare ? { ...attemptChanges, headers: new Headers(this.#requestHeaders) } : attemptChanges
    const changes = this.bodies === undefined || resent?.body === null ? resent : { ...resent, ...this.bodies.take() }
    this.#sent = true
    return handOver(take, this.#input, this.#init, this.#loaded, changes)
  }

  /** Facts of this request as sent to another address. */
  factsAt(url: string): RequestFacts {
    return factsAt(url, this.facts.method, this)
  }

  #ownsRequestBody(): boolean {
    return this.#init?.body == null && isRequest(this.#input) && this.#input.body !== null
  }
}
