import type { Fault } from './fault.ts'
import type { ErrorRow, Kind, OutcomeOfError, Pace } from './row.ts'

/** The knowledge that a verdict rests on. */
export type VerdictSource = 'vendor' | 'status' | 'transport' | 'unlisted'

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

/** The finer code of a verdict: that of the row that spoke, or else the first that came with the code. */
export const detailOf = ({ row, fault }: Verdict): string | undefined =>
  row?.refines === undefined ? fault.details?.[0] : row.code
