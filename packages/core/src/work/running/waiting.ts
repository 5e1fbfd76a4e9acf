import { offAbort, onAbort } from '../../admit/abort-listeners.ts'
import type { Engine } from '../../call/engine.ts'
import { systemClock } from '../../contract/clock.ts'
import { refusedError } from '../../error/refused-error.ts'
import type { WaitOptions } from './work-state.ts'

/** The ends of a waiting from outside: its time, its signal, and the end of its client. */
export class Waiting {
  readonly #releases: (() => void)[] = []
  #isOver = false

  /**
   * Begins to wait.
   *
   * @param end called once, with the error for the one who waits.
   * @param why the end of the message for time that has run out.
   */
  constructor(engine: Engine, { timeout, signal }: WaitOptions, end: (thrown: unknown) => void, why: () => string) {
    const stop = (thrown: unknown) => {
      this.release()
      end(thrown)
    }
    const heed = (heard: AbortSignal, thrown: () => unknown) => {
      const run = () => {
        if (!this.#isOver) stop(thrown())
      }
      // Soon: whoever begins to wait is not told before he does.
      if (heard.aborted) return queueMicrotask(run)
      onAbort(heard, run)
      this.#releases.push(() => offAbort(heard, run))
    }
    heed(engine.closing, () => closingReason(engine))
    if (signal !== undefined) heed(signal, () => signal.reason)
    if (typeof timeout !== 'number') return
    const late = () => stop(new DOMException(`Nothing has come of it in ${timeout} ms: ${why()}`, 'TimeoutError'))
    this.#releases.push(systemClock.after(timeout, late))
  }

  /** Nothing holds any more. */
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
