import { checkSettings, oneOf, text } from '@holdfast/testing/simulator-kit'

/** The end of slow work that fails. */
export interface WorkFailure {
  /** The code in the record of the work. */
  readonly code: string
  /** The message in the record. @default a sentence without information */
  readonly reason?: string
}

/** Planned failures of future work, by kind of work. */
export interface PlannedFailures<Kind extends string, Failure extends WorkFailure = WorkFailure> {
  plan(kind: Kind, failure: Failure): void
  /** The failure of the work that is accepted now, if one is planned. */
  take(kind: Kind): Failure | undefined
  clear(): void
}

/**
 * Starts with none: all work succeeds.
 *
 * @param kinds of work that there are; without them any kind may be planned.
 */
export function createPlannedFailures<Kind extends string, Failure extends WorkFailure = WorkFailure>(
  ...kinds: readonly Kind[]
): PlannedFailures<Kind, Failure> {
  let planned: (readonly [Kind, Failure])[] = []
  return {
    plan(kind, failure) {
      const { code } = failure
      if (kinds.length > 0)
        checkSettings('failWork', { kind, code }, { kind: oneOf(...kinds), code: text }, ['kind', 'code'])
      planned.push([kind, failure])
    },
    take(kind) {
      const index = planned.findIndex(([candidate]) => candidate === kind)
      return index < 0 ? undefined : planned.splice(index, 1)[0]?.[1]
    },
    clear() {
      planned = []
    },
  }
}
