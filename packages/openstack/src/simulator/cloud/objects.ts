import type { Clock } from '../clock.ts'
import type { PlannedFailures } from '../failures.ts'
import type { CloudKind } from './kinds.ts'
import { type Change, type Members, timesOf } from './life.ts'

/** An object of the service. */
export interface CloudObject {
  readonly id: string
  readonly name: string
  /** `busy` while other work on it is under way, `held` if its state does not allow the request. */
  state: 'free' | 'busy' | 'held'
  /** The list that it belongs to. @default the main list of the service */
  readonly many?: string
  /** Further members of its record, such as its status. */
  record?: Members
}

interface Coming {
  readonly at: number
  /** Absent if it is then deleted. */
  readonly end: Members | undefined
}

interface Times {
  readonly created: number
  updated: number
}

/** The objects of a service, with the work that is under way on them. */
export class Objects {
  /** By identifier. */
  readonly all = new Map<string, CloudObject>()
  readonly #coming = new Map<string, Coming>()
  readonly #times = new Map<string, Times>()
  readonly #kind: CloudKind
  readonly #clock: Clock
  readonly #failures: PlannedFailures<string>
  readonly #workTime: number

  constructor(kind: CloudKind, clock: Clock, failures: PlannedFailures<string>, workTime: number) {
    this.#kind = kind
    this.#clock = clock
    this.#failures = failures
    this.#workTime = workTime
  }

  /** The reason why work that begins now will fail; `undefined` if it will not. */
  reasonFor(work: string): string | undefined {
    return this.#failures.take(work)?.reason
  }

  /** Begins work on an object. */
  begin(object: CloudObject, { meanwhile, end, otherwise }: Change, isToFail: boolean): void {
    const now = this.#clock.now()
    this.all.set(object.id, object)
    object.record = { ...object.record, ...meanwhile }
    this.#times.set(object.id, { created: this.#times.get(object.id)?.created ?? now, updated: now })
    this.#coming.set(object.id, { at: now + this.#workTime, end: isToFail ? otherwise : end })
  }

  /** Ends all work whose time has come. */
  settle(): void {
    for (const [id, { at, end }] of this.#coming) {
      if (at > this.#clock.now()) continue
      this.#coming.delete(id)
      const object = this.all.get(id)
      if (object === undefined) continue
      if (end === undefined) {
        this.all.delete(id)
        continue
      }
      object.record = { ...object.record, ...end }
      const times = this.#times.get(id)
      if (times !== undefined) times.updated = at
    }
  }

  /** The object as the service shows it. */
  shown({ id, name, record }: CloudObject): Members {
    const { created, updated } = this.#times.get(id) ?? { created: this.#clock.now(), updated: this.#clock.now() }
    return { id, name, ...record, ...timesOf(this.#kind, created, updated) }
  }
}
