import type { ResilienceEvent } from '@holdfast/core'
import type { Told } from './told.ts'

/** What the client did, and what it told its callers. */
export interface Tally {
  calls: number
  answered: number
  failed: number
  refused: number
  /** Requests sent, logins and logouts included. */
  attempts: number
  logins: number
  refusedLogins: number
  /** Changes that callers were told have been made. */
  changed: number
  /** Changes that callers were told may have been made. */
  maybeChanged: number
  /** Milliseconds that calls spent waiting, all callers together. */
  waited: number
}

/** What a server counted on its own. */
export interface ServerCounts {
  readonly requests: number
  readonly logins: number
  readonly changes: number
}

export const emptyTally = (): Tally => ({
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

/** Counts what the client reports. */
export function countEvent(tally: Tally, event: ResilienceEvent): void {
  if (event.type === 'attempt-started') tally.attempts++
  if (event.type === 'session-opened') tally.logins++
  if (event.type === 'login-failed') tally.refusedLogins++
  if (event.type === 'call-ended') tally.waited += event.waited
}

/** Counts what a caller was told. */
export function countTold(tally: Tally, changes: boolean, told: Told): void {
  tally.calls++
  if (told.type === 'refused') tally.refused++
  else if (told.type === 'failed') tally.failed++
  else tally.answered++
  if (!changes) return
  if (told.type === 'answered') tally.changed++
  if (told.type === 'failed' && told.error.mayBeDone) tally.maybeChanged++
}

/** Adds several up. */
export function sumOf<Counts extends Tally | ServerCounts>(all: readonly Counts[]): Counts | undefined {
  const [first, ...rest] = all
  if (first === undefined) return undefined
  const entries = Object.entries<number>({ ...first }).map(
    ([name, many]) =>
      [name, rest.reduce((sum, counts) => sum + (counts[name as keyof Counts] as number), many)] as const,
  )
  return Object.fromEntries(entries) as unknown as Counts
}
