import type { Engine } from '../call/engine.ts'
import { systemClock } from '../contract/clock.ts'
import type { SharedState } from '../state/shared-state.ts'

/** Milliseconds for which taken work is remembered: a search also finds what was made shortly before, because clocks differ. */
const KEPT = 60_000

/** A start that has not ended: it was not answered, or its work is searched for. */
interface OpenStart {
  readonly request: string
  readonly beganAt: number
  isAnswered: boolean
}

/** The starts of one state: a search for the work of one may find that of another. */
class OpenStarts {
  readonly #open = new Set<OpenStart>()
  /** Monotonic milliseconds at which work became that of a start, by its identifier. */
  readonly #taken = new Map<string, number>()

  /** @param request address and body: starts with the same ones cannot be told from each other. */
  begin(request: string): OpenStart {
    const beganAt = systemClock.now()
    // Both are in the order of time, so only what is deleted is looked at: thousands of starts may be open.
    const [earliest = { beganAt }] = this.#open
    for (const [id, at] of this.#taken) {
      if (at >= earliest.beganAt - KEPT) break
      this.#taken.delete(id)
    }
    const start = { request, beganAt, isAnswered: false }
    this.#open.add(start)
    return start
  }

  end(start: OpenStart): void {
    this.#open.delete(start)
  }

  take(id: string): void {
    this.#taken.delete(id)
    this.#taken.set(id, systemClock.now())
  }

  /** True for the work of another start. */
  isTaken(id: string): boolean {
    return this.#taken.has(id)
  }

  /** Takes work that was found. False while another start with the same request may still be answered with it. */
  claim(start: OpenStart, id: string): boolean {
    for (const each of this.#open)
      if (each !== start && each.request === start.request && !each.isAnswered) return false
    this.take(id)
    return true
  }
}

export type { OpenStart, OpenStarts }

const byState = new WeakMap<SharedState, OpenStarts>()

/** The starts of a client's state. */
export function openStartsOf({ state }: Engine): OpenStarts {
  const known = byState.get(state) ?? new OpenStarts()
  byState.set(state, known)
  return known
}
