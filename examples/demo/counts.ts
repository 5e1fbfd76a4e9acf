import type { ResilienceEvent } from '@holdfast/core'
import type { Result } from './result.ts'

/** The counts that the client reports. */
export interface ClientCounts {
  calls: number
  answered: number
  failed: number
  refused: number
  /** Requests sent, logins and logouts included. */
  attempts: number
  logins: number
  refusedLogins: number
  /** Changes that were made, as callers know. */
  changed: number
  /** Changes that may have been made, as callers know. */
  maybeChanged: number
  /** Milliseconds that calls spent waiting, all callers together. */
  waited: number
}

/** The counts that the server keeps. */
export interface ServerCounts {
  readonly requests: number
  readonly logins: number
  readonly changes: number
}

export const zeroCounts = (): ClientCounts => ({
  calls: 0,
  answered: 0,
  failed: 0,
  refused: 0,
  attempts: 0,
  logins: 0,
  refusedLogins: 0,
  changed: 0,
  maybeChanged: 0,
  waited: 0,
})

/** Counts an event of the client. */
export function countEvent(counts: ClientCounts, event: ResilienceEvent): void {
  if (event.type === 'attempt-started') counts.attempts++
  if (event.type === 'session-opened') counts.logins++
  if (event.type === 'login-failed') counts.refusedLogins++
  if (event.type === 'call-ended') counts.waited += event.waited
}

/** Counts the result of a call. */
export function countResult(counts: ClientCounts, changes: boolean, result: Result): void {
  counts.calls++
  if (result.type === 'refused') counts.refused++
  else if (result.type === 'failed') counts.failed++
  else counts.answered++
  if (!changes) return
  if (result.type === 'answered') counts.changed++
  if (result.type === 'failed' && result.error.mayBeDone) counts.maybeChanged++
}

/** Adds counts up. */
export function sumOf<Counts extends ClientCounts | ServerCounts>(all: readonly Counts[]): Counts | undefined {
  const [first, ...rest] = all
  if (first === undefined) return undefined
  const entries = Object.entries<number>({ ...first }).map(
    ([name, many]) => [name, rest.reduce((sum, one) => sum + (one[name as keyof Counts] as number), many)] as const,
  )
  return Object.fromEntries(entries) as unknown as Counts
}
