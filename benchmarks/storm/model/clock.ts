import FakeTimers from '@sinonjs/fake-timers'

const nextTurn = setImmediate

/** Virtual time begins here: a whole second, so that dates in headers lose nothing. */
const EPOCH = Date.UTC(2026, 0, 1)

// Installed once in a thread and before any contender is imported: a library may keep the `setTimeout` it finds.
const clock = FakeTimers.install({
  now: EPOCH,
  toFake: [
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
    'clearImmediate',
    'Date',
    'performance',
  ],
  loopLimit: Number.MAX_SAFE_INTEGER,
})

// Node.js keeps its own timer for this one, which no fake reaches.
AbortSignal.timeout = (ms) => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms)
  return controller.signal
}

/** Milliseconds of virtual time since the beginning of the run. */
export const now = (): number => clock.now - EPOCH

/** Time begins anew, and nothing is left of what was to happen. */
export const restart = (): void => clock.reset()

/** Lets virtual time pass, from one timer to the next, until `isDone`. */
export function passUntil(isDone: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const step = (): void => {
      if (isDone()) return resolve()
      if (clock.countTimers() === 0) return reject(new Error('Calls are under way, and nothing is left to happen.'))
      clock.next()
      // A real turn between two timers: the promises that the first has settled run before the second.
      nextTurn(step)
    }
    nextTurn(step)
  })
}
