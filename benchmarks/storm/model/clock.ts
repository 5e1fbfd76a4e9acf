import FakeTimers from '@sinonjs/fake-timers'

const nextTurn = setImmediate

/** Virtual time begins here: a whole second, so that dates in headers lose nothing. */
const EPOCH = Date.UTC(2026, 0, 1)

let clock: ReturnType<typeof FakeTimers.install> | undefined

/**
 * Puts virtual time in place of the thread's own. Once in a thread, and before a contender is loaded: a library may keep
 * the `setTimeout` that it finds.
 */
export function installClock(): void {
  clock ??= FakeTimers.install({
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
  })
  // Node.js keeps its own timer for this one, which no fake reaches.
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms)
    return controller.signal
  }
}

function installed(): NonNullable<typeof clock> {
  if (clock === undefined) throw new Error('Virtual time is not in place: installClock() was not called.')
  return clock
}

/** Milliseconds of virtual time since the beginning of the run. */
export const now = (): number => installed().now - EPOCH

/** Time begins anew, and nothing is left of what was to happen. */
export const restart = (): void => installed().reset()

/** Lets virtual time pass, from one timer to the next, until `isDone`. */
export function passUntil(isDone: () => boolean): Promise<void> {
  const time = installed()
  return new Promise((resolve, reject) => {
    const step = (): void => {
      if (isDone()) return resolve()
      if (time.countTimers() === 0) return reject(new Error('Calls are under way, and nothing is left to happen.'))
      time.next()
      // A real turn between two timers: the promises that the first has settled run before the second.
      nextTurn(step)
    }
    nextTurn(step)
  })
}
