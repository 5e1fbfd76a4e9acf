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
  /** True if the user's `errors` option changed the row. */
  readonly overridden: boolean
  readonly kind: Kind
  readonly outcome: OutcomeOfError
  readonly pace: Pace
  /** True if other work is under way on the object and the request was refused before anything was done: the call waits. */
  readonly busy: boolean
  readonly reauth: boolean
  readonly achieved: boolean
  /** True if it counts against the circuit breaker. */
  readonly trips: boolean
  /** True if a retry spends a token of the retry budget, because the fault is about the service and not about one object. */
  readonly costsRetryToken: boolean
  /** True if its wait holds back every caller of the service. */
  readonly pauses: boolean
  /** Milliseconds that the server asked to wait; 0 means "now". */
  readonly wait: number | undefined
  /** Host that the server names to be asked instead; empty if it should name one and does not. */
  readonly reroute: string | undefined
}

/** A reply as `classify` gets it. */
export interface ReadReply extends Reply {
  /** The body parsed as JSON; `undefined` if it is not JSON or was not read to its end. */
  readonly json: unknown
}

/** The result of `classify` for one reply: the members of a catalogue's row, and those that only this reply has. */
export interface ReplyVerdict {
  /** Name of the error, 1 to 200 characters, by which `errors` may change it; it may come from the reply. */
  readonly code: string
  readonly kind: Kind
  /**
   * `rejected` only if nothing was done. It decides whether a POST may be repeated. @default that of the bare status;
   * `unknown` below 400
   */
  readonly outcome?: OutcomeOfError
  /** Milliseconds that the reply asks to wait, if no header such as `Retry-After` says so; those are read anyway. */
  readonly retryAfter?: number
  /** The server's message, for people. */
  readonly message?: string
  /** Advice for a person: one short line. */
  readonly hint?: string
  /** The finer codes that came with it. */
  readonly details?: readonly string[]
  /** The time that a `retryable` cause tends to last. @default 'fast' */
  readonly pace?: Pace
  /** For `retryable` with `rejected`: true if other work is under way on the object; the call waits for it. @default false */
  readonly busy?: boolean
  /** For `auth`: true if a fresh session can cure it. @default false */
  readonly reauth?: boolean
  /** For `conflict`: true if the wanted state holds already. @default false */
  readonly achieved?: boolean
  /** True if it counts against the circuit breaker. @default false */
  readonly trips?: boolean
  /** True if its wait holds back every caller of the service. @default true for status 429 and with `trips` */
  readonly pauses?: boolean
}

/** Returns the failure in a reply, or nothing, which leaves the reply to the vendor and to its status. */
export type Classify = (reply: ReadReply) => ReplyVerdict | undefined | null

/** The more precise code of a verdict: that of its row if the row is a refinement, or else the first detail of the reply. */
export const detailOf = ({ row, fault }: Verdict): string | undefined =>
  row?.refines === undefined ? fault.details?.[0] : row.code
