import { Settling } from './settling.ts'
import { Timers, VirtualTimer } from './timers.ts'

const nextTurn = setImmediate
const RealDate = Date

/** The beginning of virtual time: a whole second, so that dates in headers are exact. */
const EPOCH = Date.UTC(2026, 0, 1)

/** Timers after which the thread gets a real turn of the event loop: until then, weak references keep their targets. */
const TIMERS_A_TURN = 100

const timers = new Timers()
let time = 0
let order = 0
/** True while a timer runs: timers that it sets for 0 ms come a millisecond later, so that time advances. */
let isInTimer = false

/** Milliseconds of virtual time since the beginning of the run. */
export const now = (): number => time

/** Resets time, and removes all timers. */
export function restart(): void {
  timers.clearAll()
  time = 0
}

class VirtualDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [VirtualDate.now()] : given) as [number]))
  }

  static override now(): number {
    return EPOCH + time
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof RealDate
  }
}

/** The mark of mock timers, in which nothing may be kept from one run to the next. */
const SINON = { clock: true }

type Run = (...given: unknown[]) => void

const isDelay = (ms: unknown): ms is number => typeof ms === 'number' && ms >= 1

function set(run: Run, ms: unknown, given: readonly unknown[], isRepeated: boolean, isImmediate = false): VirtualTimer {
  const wait = isDelay(ms) ? Math.trunc(ms) : Number(isInTimer)
  const act = given.length === 0 ? run : () => run(...given)
  const timer = new VirtualTimer(time + wait, order++, act, isRepeated ? wait : undefined, isImmediate)
  timers.add(timer)
  return timer
}

function clear(timer: unknown): void {
  if (timer instanceof VirtualTimer) timers.clear(timer)
  else if (timer != null) throw new TypeError('A timer of another time was to be cleared.')
}

/**
 * Puts virtual time in place of the thread's own. Once in a thread, and before a contender is loaded: a library may keep
 * the `setTimeout` that it finds.
 *
 * Not by a library: with `@sinonjs/fake-timers` a fourth of the lab's time was spent on timers.
 */
export function installClock(): void {
  Object.assign(globalThis, {
    setTimeout: Object.assign((run: Run, ms?: unknown, ...given: unknown[]) => set(run, ms, given, false), SINON),
    setInterval: (run: Run, ms?: unknown, ...given: unknown[]) => set(run, ms, given, true),
    setImmediate: (run: Run, ...given: unknown[]) => set(run, 0, given, false, true),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
    Date: VirtualDate,
  })
  performance.now = now
  // Node.js keeps its own timer for this one.
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms)
    return controller.signal
  }
}

/** Runs the next timer; false if there is none. */
function fire(): boolean {
  const timer = timers.take()
  if (timer?.run === undefined) return false
  const { run, interval } = timer
  time = timer.at
  isInTimer = true
  if (interval === undefined) timer.run = undefined
  else repeat(timer, interval)
  try {
    run()
  } finally {
    isInTimer = false
  }
  return true
}

function repeat(timer: VirtualTimer, interval: number): void {
  timer.at += Math.max(1, interval)
  timer.order = order++
  timers.add(timer)
}

/** Advances virtual time from one timer to the next until `isDone`. The promises that a timer settles run before the next timer. */
export async function passUntil(isDone: () => boolean): Promise<void> {
  // The test runner may replace `process.nextTick`, as vitest does between two tests.
  await new Promise<void>((resolve) => nextTurn(resolve))
  const settling = new Settling()
  return new Promise<void>((resolve, reject) => {
    let fired = 0
    const step = (): void => {
      if (isDone()) return resolve()
      settling.begin()
      if (!fire()) return reject(new Error('Calls are under way, and nothing is left to happen.'))
      settling.end(++fired % TIMERS_A_TURN === 0 ? () => nextTurn(step) : step)
    }
    nextTurn(step)
  }).finally(() => settling.restore())
}
