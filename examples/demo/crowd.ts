import type { Observer } from '@holdfast/core'
import { answer, decision, type Manner, refusal } from './words.ts'

/** Something that happened to many calls alike. */
export interface Alike {
  /** When it happened first, in milliseconds of the clock given. */
  readonly at: number
  readonly what: string
  /** What was decided upon it. */
  readonly decisions: Set<string>
  many: number
}

/** Gathers what happens to many calls at once, so that it can be told in a few lines. */
export class Crowd {
  #groups = new Map<string, Alike>()
  readonly #now: () => number
  readonly #manner: Manner
  readonly #isProbing: () => boolean

  constructor(now: () => number, manner: Manner, isProbing: () => boolean) {
    this.#now = now
    this.#manner = { ...manner, forCrowd: true }
    this.#isProbing = isProbing
  }

  /** What has happened since this was last asked, in the order in which each happened first. */
  take(): readonly Alike[] {
    const groups = [...this.#groups.values()]
    this.#groups = new Map()
    return groups
  }

  readonly observe: Observer = (event) => {
    if ('key' in event && event.key.endsWith(' login')) return
    if (event.type === 'attempt-ended') this.#group(answer(event, this.#manner)).many++
    if (event.type === 'decision-made') {
      this.#group(answer(event, this.#manner)).decisions.add(decision(event.decision, true))
    }
    if (event.type === 'call-refused')
      this.add(`not sent: ${this.#isProbing() ? 'another call is trying already' : refusal[event.reason]}`)
    if (event.type === 'call-waited') this.add('not sent yet: held back, too')
  }

  /** Notes that something happened once more. */
  add(what: string): void {
    this.#group(what).many++
  }

  #group(what: string): Alike {
    const group = this.#groups.get(what) ?? { at: this.#now(), what, decisions: new Set(), many: 0 }
    this.#groups.set(what, group)
    return group
  }
}
