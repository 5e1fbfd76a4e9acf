/**
 * The meaning of an error for the program that gets it.
 *
 * - `retryable`: the same request may well succeed within minutes, with nothing changed but the time.
 * - `auth`: the caller of this API is the reason: its session, its credentials or its rights.
 * - `conflict`: the present state of what the request names rules it out.
 * - `fatal`: the request must change, or somebody must act elsewhere.
 */
export type Kind = 'retryable' | 'auth' | 'conflict' | 'fatal'

/** `rejected`: refused before anything was done. `unknown`: it may have been done, wholly or in part. */
export type OutcomeOfError = 'rejected' | 'unknown'

/** The time that its cause tends to last: `fast` is seconds, `slow` is minutes (a reboot, a backup, a migration). */
export type Pace = 'fast' | 'slow'

/** The place in an error that says how long to wait: a parameter by name, or a header, and the unit it is in. */
export type WaitHint =
  | { readonly param: string; readonly unit: 's' | 'ms' }
  | { readonly header: string; readonly unit: 's' | 'ms' }

interface RowFacts {
  /**
   * The code as the vendor spells it; the beginning of a family's codes with a `*` behind it (`SR_BACKEND_FAILURE_*`); or
   * the finer code of a row that refines another.
   */
  readonly code: string
  /** HTTP status that the vendor documents for the code; also narrows the row where one code is used twice. */
  readonly status?: number
  /**
   * The code that this row refines: it speaks for that code where the answer carries this finer one too. A family's
   * refinements hold for its members with rows of their own, too.
   */
  readonly refines?: string
  /**
   * For a row that refines another: speaks where that row's parameter, or any if none is named, says one of these texts,
   * in capitals or not.
   */
  readonly when?: { readonly param?: string; readonly includes: readonly string[] }
  /** Names of the error's parameters, in the order of the code's signature. */
  readonly params?: readonly string[]
  /**
   * `rejected` only where the vendor's document or its source shows that the error comes before anything is done: what was
   * asked is malformed, names nothing or something that exists, lacks a right, or meets a state that rules it out. `unknown`
   * for what is met in the middle of the work, and in doubt. Neither kind nor status proves it.
   */
  readonly outcome: OutcomeOfError
  /** True if the error is evidence that the service is unwell and counts against the circuit breaker. */
  readonly trips?: boolean
  /**
   * True if the wait that the answer asks for holds back every caller of the service; false if it is about one object
   * alone. Default: true for what trips and for status 429.
   */
  readonly pauses?: boolean
  /** Advice for a person: one short line; empty where a bundle leaves it out. */
  readonly hint: string
  /** Source of the facts, if not the vendor's error document alone. */
  readonly source?: string
  /** The reason for the class in one line, where it is not plain. */
  readonly why?: string
}

/** An error that time alone may cure. */
export interface RetryableRow extends RowFacts {
  readonly kind: 'retryable'
  readonly pace: Pace
  /** The place in the answer that says how long to wait. */
  readonly wait?: WaitHint
  /**
   * True if something else is at work on what the request names. It is waited for; a call that it outlasts ends as a
   * `conflict`, because then the state of the object is the caller's concern.
   */
  readonly busy?: boolean
  /** The parameter that names the host to ask instead. */
  readonly reroute?: { readonly param: string }
}

/** An error about the caller's session, credentials or rights. */
export interface AuthRow extends RowFacts {
  readonly kind: 'auth'
  /** True if the server no longer knows the session that it refuses, so that there is nothing to log out. */
  readonly ended?: boolean
  /** True if a fresh session from the same credentials can cure it. */
  readonly reauth: boolean
  /**
   * The parameter that names the session refused. Where it names another than the request showed, as a service does that
   * passes on the words of the next one, nothing is the matter with ours, and what was asked may have been done in part.
   */
  readonly session?: { readonly param: string }
}

/** An error about the present state of what the request names. */
export interface ConflictRow extends RowFacts {
  readonly kind: 'conflict'
  /** True if the wanted state holds already: a caller may take it for success. */
  readonly achieved?: boolean
}

/** An error that neither time nor a login cures. */
export interface FatalRow extends RowFacts {
  readonly kind: 'fatal'
}

/** One documented error: what the engine must know to act on it without asking anyone. */
export type ErrorRow = RetryableRow | AuthRow | ConflictRow | FatalRow
