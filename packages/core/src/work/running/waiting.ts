import { offAbort, onAbort } from '../../admit/abort-listeners.ts'
import type { Engine } from '../../call/engine.ts'
import { systemClock } from '../../contract/clock.ts'
import { refusedError } from '../../error/refused-error.ts'
import type { WaitOptions } from './work-state.ts'

/** A wait for work or a state, which three things may end: its time limit, its signal, and the closing of its client. */
export class Waiting {
  readonly #releases: (() => void)[] = []
  #isOver = false

  /**
   * Begins to wait.
   *
   * @param end called once, with the error for the caller that waits.
   * @param why the last part of the message of a time-out.
   */
  constructor(engine: Engine, { timeout, signal }: WaitOptions, end: (thrown: unknown) => void, why: () => string) {
    const stop = (thrown: unknown) => {
      this.release()
      end(thrown)
    }
    const endOn = (source: AbortSignal, thrown: () => unknown) => {
      const run = () => {
        if (!this.#isOver) stop(thrown())
      }
      // Not at once: the caller has not begun to wait yet.
      if (source.aborted) return queueMicrotask(run)
      onAbort(source, run)
      this.#releases.push(() => offAbort(source, run))
    }
    endOn(engine.closing, () => closingReason(engine))
    if (signal !== undefined) endOn(signal, () => signal.reason)
    if (typeof timeout !== 'number') return
    const late = () => stop(new DOMException(`Nothing has come of it in ${timeout} ms: ${why()}`, 'TimeoutError'))
    this.#releases.push(systemClock.after(timeout, late))
  }

  /** Ends it without an error. */
  release(): void {
    this.#isOver = true
    for (const release of this.#releases.splice(0)) release()
  }
}

/** The reason of the client's own signal, where that is what closes it. */
function closingReason({ signals, vendor }: Engine): unknown {
  const aborted = signals.find((signal) => signal.aborted)
  return aborted === undefined ? refusedError('closed', undefined, vendor?.name ?? 'http', undefined) : aborted.reason
}
