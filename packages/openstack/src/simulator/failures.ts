/** The end of slow work that fails. */
export interface WorkFailure {
  /** The code in the record of the work. */
  readonly code: string
  /** The message in the record. @default a sentence that says nothing */
  readonly reason?: string
}

/** Failures kept for work that is yet to be taken on, by kind of work. */
export interface PlannedFailures<Kind extends string, Failure extends WorkFailure = WorkFailure> {
  plan(kind: Kind, failure: Failure): void
  /** The failure that the work now taken on will end in. */
  take(kind: Kind): Failure | undefined
  clear(): void
}

/** Starts with none: all work ends well. */
export function createPlannedFailures<
  Kind extends string,
  Failure extends WorkFailure = WorkFailure,
>(): PlannedFailures<Kind, Failure> {
  let planned: (readonly [Kind, Failure])[] = []
  return {
    plan: (kind, failure) => void planned.push([kind, failure]),
    take(kind) {
      const index = planned.findIndex(([candidate]) => candidate === kind)
      return index < 0 ? undefined : planned.splice(index, 1)[0]?.[1]
    },
    clear() {
      planned = []
    },
  }
}
