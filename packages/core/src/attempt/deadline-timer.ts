import { catchUp, LONGEST_TIMER, systemClock } from '../contract/clock.ts'

/** Something whose `onDue` is called at its time, unless it is stopped before. */
export interface Timed {
  /** Monotonic milliseconds. */
  dueAt: number
  /** Its index in the heap; below 0 if it is not in the heap. */
  place: number
  /** Its own timer, if timers are mocked or cannot be shared. */
  timer: ReturnType<typeof setTimeout> | undefined
  onDue(): void
}

/** Most milliseconds by which a timer of a runtime fires early. */
const EARLY = 1

// Mock timers stand still, are cleared, and lose their timers when they are removed: the shared timer must not be one of them.
// Those of Sinon, which vitest and jest use, are known by their `clock`, and those of node:test by their name.
const own =
  setTimeout.name === 'setTimeout' && !('clock' in setTimeout) ? { set: setTimeout, clear: clearTimeout } : undefined

// Cloudflare's workerd ends the timers of a request with the request, so they cannot be shared. Timers of Node.js and Bun are
// objects and belong to the whole process; those of all other runtimes are numbers. Known after the first timer.
let canBeShared = true

/** Everything that is timed, as a binary heap: the next one is first. */
const heap: Timed[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let firesAt = Number.POSITIVE_INFINITY
/** The time at which the timer fires. A clock that is mocked by then may show another. */
let setFor = 0

/** Begins to time something. All share one timer, which stays set when what it was set for has ended. */
export function startTime(timed: Timed, ms: number, now: number): void {
  timed.dueAt = now + ms
  if (!canBeShared || own === undefined || globalThis.setTimeout !== own.set) {
    timed.timer = setTimeout(() => onOwnTimer(timed, ms), ms)
    return
  }
  heap.push(timed)
  rise(timed, heap.length - 1)
  // A timer that should have fired by now may be lost.
  if (timed.dueAt < firesAt || firesAt < now) setTimer(now)
}

/** Stops timing it: `onDue` is not called any more. */
export function stopTime(timed: Timed): void {
  if (timed.timer !== undefined) {
    clearTimeout(timed.timer)
    timed.timer = undefined
  }
  const { place } = timed
  if (place < 0) return
  timed.place = -1
  const last = heap.pop() as Timed
  if (last === timed) return
  rise(last, place)
  sink(last, last.place)
}

function setTimer(now: number): void {
  if (own === undefined) return
  // Not called as methods of `own`: browsers accept them only as functions or as methods of the global object.
  const { set, clear } = own
  clear(timer)
  firesAt = heap[0]?.dueAt ?? Number.POSITIVE_INFINITY
  timer = undefined
  if (firesAt === Number.POSITIVE_INFINITY) return
  const ms = Math.min(LONGEST_TIMER, Math.max(0, firesAt - now))
  setFor = now + ms
  timer = set(fire, ms)
  canBeShared = typeof timer === 'object'
  // The timer must not keep the process alive: the request under way does that.
  ;(timer as { unref?(): void }).unref?.()
}

function fire(): void {
  // The clock may have been mocked since, and stand still.
  const now = Math.max(systemClock.now(), setFor)
  const due: Timed[] = []
  for (let next = heap[0]; next !== undefined && next.dueAt <= now + EARLY; next = heap[0]) {
    stopTime(next)
    due.push(next)
  }
  setTimer(now)
  for (const timed of due) timed.onDue()
}

function onOwnTimer(timed: Timed, ms: number): void {
  catchUp(timed.dueAt, ms)
  timed.timer = undefined
  timed.onDue()
}

function rise(timed: Timed, from: number): void {
  let place = from
  while (place > 0) {
    const above = (place - 1) >> 1
    const parent = heap[above] as Timed
    if (parent.dueAt <= timed.dueAt) break
    put(parent, place)
    place = above
  }
  put(timed, place)
}

function sink(timed: Timed, from: number): void {
  let place = from
  for (;;) {
    let below = 2 * place + 1
    const left = heap[below]
    const right = heap[below + 1]
    if (left !== undefined && right !== undefined && right.dueAt < left.dueAt) below++
    const child = heap[below]
    if (child === undefined || child.dueAt >= timed.dueAt) break
    put(child, place)
    place = below
  }
  put(timed, place)
}

function put(timed: Timed, place: number): void {
  heap[place] = timed
  timed.place = place
}
