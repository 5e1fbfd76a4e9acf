import type { Observer } from '@holdfast/core'
import { answer, decision, refusal, type Style } from './messages.ts'

/** An event that several calls have in common. */
export interface EventGroup {
  /** Time of the first such event, in milliseconds of the clock given. */
  readonly at: number
  readonly text: string
  /** The decisions that followed. */
  readonly decisions: Set<string>
  count: number
}

/** Groups the events of many calls, so that a few lines show them. */
export class EventGroups {
  #groups = new Map<string, EventGroup>()
  readonly #now: () => number
  readonly #style: Style
  readonly #isProbing: () => boolean

  constructor(now: () => number, style: Style, isProbing: () => boolean) {
    this.#now = now
    this.#style = { ...style, forMany: true }
    this.#isProbing = isProbing
  }

  /** Removes the groups and returns them in the order of their first events. */
  take(): readonly EventGroup[] {
    const groups = [...this.#groups.values()]
    this.#groups = new Map()
    return groups
  }

  readonly observe: Observer = (event) => {
    if ('key' in event && event.key.endsWith(' login')) return
    if (event.type === 'attempt-ended') this.#group(answer(event, this.#style)).count++
    if (event.type === 'decision-made') {
      this.#group(answer(event, this.#style)).decisions.add(decision(event.decision, true))
    }
    if (event.type === 'call-refused')
      this.add(`not sent: ${this.#isProbing() ? 'another call is trying already' : refusal[event.reason]}`)
    if (event.type === 'call-waited') this.add('not sent yet: held back, too')
  }

  /** Counts one more event. */
  add(text: string): void {
    this.#group(text).count++
  }

  #group(text: string): EventGroup {
    const group = this.#groups.get(text) ?? { at: this.#now(), text, decisions: new Set(), count: 0 }
    this.#groups.set(text, group)
    return group
  }
}
