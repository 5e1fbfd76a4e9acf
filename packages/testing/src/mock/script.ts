import type { Script, Step } from './step.ts'

/** Returns a script's steps, one for each request; `undefined` when the script is over. */
export interface Player<Code extends string> {
  next(): Step<Code> | undefined
}

/** Lays a script out in order. */
export function stepsOf<Code extends string>(script: Script<Code>): readonly Step<Code>[] {
  return isList(script) ? script.flatMap(stepsOf) : [script]
}

/** Starts a script from its beginning. */
export function play<Code extends string>(steps: readonly Step<Code>[]): Player<Code> {
  let at = 0
  let answered = 0
  const timesOf = (step: Step<Code>) => step.options.times ?? (at === steps.length - 1 ? Number.POSITIVE_INFINITY : 1)
  return {
    next() {
      for (let step = steps[at]; step !== undefined; step = steps[at]) {
        if (answered < timesOf(step)) {
          answered += 1
          return step
        }
        at += 1
        answered = 0
      }
      return undefined
    },
  }
}

const isList = <Code extends string>(script: Script<Code>): script is readonly Script<Code>[] => Array.isArray(script)
