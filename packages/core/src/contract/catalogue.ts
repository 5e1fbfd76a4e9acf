import type { Fault } from './fault.ts'

/**
 * What an error means to the program that gets it.
 *
 * - `retryable`: the same request may well succeed within minutes, with nothing changed but the time.
 * - `auth`: the caller of this API is the reason: its session, its credentials or its rights.
 * - `conflict`: the present state of what the request names rules it out.
 * - `fatal`: the request must change, or somebody must act elsewhere.
 */
export type Kind = 'retryable' | 'auth' | 'conflict' | 'fatal'

/** `rejected`: refused before anything was done. `unknown`: it may have been done, wholly or in part. */
export type OutcomeOfError = 'rejected' | 'unknown'

/** How long its cause tends to last: `fast` is seconds, `slow` is minutes (a reboot, a backup, a migration). */
export type Pace = 'fast' | 'slow'

/** Where an error says how long to wait: a parameter by name, or a header, and the unit it is in. */
export type WaitHint =
  | { readonly param: string; readonly unit: 's' | 'ms' }
  | { readonly header: string; readonly unit: 's' | 'ms' }

interface RowFacts {
  /** The code as the vendor spells it, or the finer code of a row that refines another. */
  readonly code: string
  /** HTTP status that the vendor documents for the code; also narrows the row where one code is used twice. */
  readonly status?: number
  /** The code that this row refines: it speaks for that code where the answer carries this finer one too. */
  readonly refines?: string
  /** Names of the error's parameters, in the order of the code's signature. */
  readonly params?: readonly string[]
  /** True where the error is evidence that the service is unwell and counts against the circuit breaker. */
  readonly trips?: boolean
  /** What a person can do about it: one short line. */
  readonly hint: string
  /** Where the facts come from, if not the vendor's error document alone. */
  readonly source?: string
  /** The reason for the class in one line, where it is not plain. */
  readonly why?: string
}

/** An error that time alone may cure. */
export interface RetryableRow extends RowFacts {
  readonly kind: 'retryable'
  readonly outcome: OutcomeOfError
  readonly pace: Pace
  /** Where the answer says how long to wait. */
  readonly wait?: WaitHint
  /** The parameter that names the host to ask instead. */
  readonly reroute?: { readonly param: string }
}

/** An error about the caller's session, credentials or rights. */
export interface AuthRow extends RowFacts {
  readonly kind: 'auth'
  /** True where a fresh session from the same credentials can cure it. */
  readonly reauth: boolean
}

/** An error about the present state of what the request names. */
export interface ConflictRow extends RowFacts {
  readonly kind: 'conflict'
  /** True where the wanted state holds already: a caller may take it for success. */
  readonly achieved?: boolean
}

/** An error that neither time nor a login cures. */
export interface FatalRow extends RowFacts {
  readonly kind: 'fatal'
}

/** One documented error: what the engine must know to act on it without asking anyone. */
export type ErrorRow = RetryableRow | AuthRow | ConflictRow | FatalRow

/** Every documented error of one vendor. */
export interface Catalogue<Row extends ErrorRow = ErrorRow> {
  readonly vendor: string
  readonly rows: readonly Row[]
  /** The row that speaks for a fault: a refinement by its first known detail, then code and status, then code. */
  find(fault: Pick<Fault, 'code' | 'status' | 'details'>): Row | undefined
}

/** The literal union of the codes in a catalogue, refinements included. */
export type CodeOf<C extends Catalogue> = C['rows'][number]['code']

/**
 * Builds a vendor's catalogue from its rows and keeps their literal types, so that options and errors are typed by code.
 *
 * @throws {TypeError} if two rows share code and status, or a row refines a code that no row has.
 */
export function defineCatalogue<const Rows extends readonly ErrorRow[]>(
  vendor: string,
  rows: Rows,
): Catalogue<Rows[number]> {
  const byKey = new Map<string, ErrorRow>()
  for (const row of rows) {
    const keys = row.refines === undefined ? [keyOf(row.code, row.status), row.code] : [keyOf(row.refines, row.code)]
    const [exact, bare] = keys as [string, string?]
    if (byKey.has(exact) && byKey.get(exact)?.status === row.status) {
      throw new TypeError(
        `Catalogue of ${vendor}: two rows for ${row.code}${row.status ? ` with status ${row.status}` : ''}.`,
      )
    }
    byKey.set(exact, row)
    if (bare !== undefined && !byKey.has(bare)) byKey.set(bare, row)
  }
  for (const row of rows) {
    if (row.refines !== undefined && !byKey.has(row.refines)) {
      throw new TypeError(`Catalogue of ${vendor}: ${row.code} refines ${row.refines}, which has no row.`)
    }
  }
  const find = ({ code, status, details }: Pick<Fault, 'code' | 'status' | 'details'>) => {
    for (const detail of details ?? []) {
      const refined = byKey.get(keyOf(code, detail))
      if (refined !== undefined) return refined
    }
    return byKey.get(keyOf(code, status)) ?? byKey.get(code)
  }
  return Object.freeze({ vendor, rows: Object.freeze(rows.map((row) => Object.freeze(row))), find }) as Catalogue<
    Rows[number]
  >
}

const keyOf = (code: string, narrowedBy: string | number | undefined) => `${code}\n${narrowedBy ?? ''}`
