import type { Fault } from './fault.ts'
import type { ErrorRow, Kind, OutcomeOfError, Pace } from './row.ts'
import type { Reply } from './vendor.ts'

/** The knowledge that a verdict rests on. */
export type VerdictSource = 'vendor' | 'status' | 'transport' | 'unlisted' | 'classify'

/** A fault with all that the engine acts on: the row's facts, changed by the server's own word and the user's overrides. */
export interface Verdict {
  /** Name of the vendor whose row applies, or `http` for a bare status or a transport failure. */
  readonly vendor: string
  readonly fault: Fault
  /** Absent for an unlisted code. */
  readonly row: ErrorRow | undefined
  readonly source: VerdictSource
  /** True where the user's `errors` option changed the row. */
  readonly overridden: boolean
  readonly kind: Kind
  readonly outcome: OutcomeOfError
  readonly pace: Pace
  /** Other work goes on upon the object, and the request was refused before anything was done: it is waited for. */
  readonly busy: boolean
  readonly reauth: boolean
  readonly achieved: boolean
  /** Counts against the circuit breaker. */
  readonly trips: boolean
  /** A retry of it spends from the retry budget: it is about the service, not about one object. */
  readonly costsRetryToken: boolean
  /** Its wait holds back every caller of the service. */
  readonly pauses: boolean
  /** The server's word on how long to wait, in milliseconds; 0 means "now". */
  readonly wait: number | undefined
  /** The host that the server says to ask instead; empty where it should name one and does not. */
  readonly reroute: string | undefined
}

/** A reply as `classify` sees it. */
export interface ReadReply extends Reply {
  /** The body as JSON; `undefined` where it is none, or was not read to its end. */
  readonly json: unknown
}

/** The word of a caller on one reply: what a row of a catalogue says, and what this reply adds. */
export interface ReplyVerdict {
  /** Name of the error, 1 to 200 characters, by which `errors` may change it; it may come from the reply. */
  readonly code: string
  readonly kind: Kind
  /**
   * `rejected` only where nothing was done. It decides whether a POST may be repeated. @default that of the bare status;
   * `unknown` below 400
   */
  readonly outcome?: OutcomeOfError
  /** Milliseconds that the reply asks to wait. Its headers are read anyway. */
  readonly retryAfter?: number
  /** The server's message, for people. */
  readonly message?: string
  /** Advice for a person: one short line. */
  readonly hint?: string
  /** The finer codes that came with it. */
  readonly details?: readonly string[]
  /** The time that a `retryable` cause tends to last. @default 'fast' */
  readonly pace?: Pace
  /** Of a `retryable` one that is `rejected`: other work goes on upon the object, and it is waited for. @default false */
  readonly busy?: boolean
  /** Of `auth`: a fresh session can cure it. @default false */
  readonly reauth?: boolean
  /** Of a `conflict`: the wanted state holds already. @default false */
  readonly achieved?: boolean
  /** Counts against the circuit breaker. @default false */
  readonly trips?: boolean
  /** Its wait holds back every caller of the service. @default true for status 429 and for what trips */
  readonly pauses?: boolean
}

/** Says what is the matter with a reply; nothing leaves it to the vendor and to the status. */
export type Classify = (reply: ReadReply) => ReplyVerdict | undefined | null

/** The finer code of a verdict: that of the row that spoke, or else the first that came with the code. */
export const detailOf = ({ row, fault }: Verdict): string | undefined =>
  row?.refines === undefined ? fault.details?.[0] : row.code
