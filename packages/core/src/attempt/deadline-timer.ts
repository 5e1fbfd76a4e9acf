import { catchUp, LONGEST_TIMER, systemClock } from '../contract/clock.ts'

/** Something to be called when its time has come, unless it is stopped before. */
export interface Timed {
  /** Monotonic milliseconds. */
  dueAt: number
  /** Its place in the heap; below 0 if it is in none. */
  place: number
  /** A timer of its own, where timers are mocked or cannot be shared. */
  timer: ReturnType<typeof setTimeout> | undefined
  onDue(): void
}

/** A timer of the runtime's fires this much early at most, in milliseconds. */
const EARLY = 1

// Mocks stand still, are cleared and go away with all that was set in them: nothing may be left to them that others wait
// for. Sinon's, which vitest and jest have too, are known by their clock, and those of node:test by their name.
const own =
  setTimeout.name === 'setTimeout' && !('clock' in setTimeout) ? { set: setTimeout, clear: clearTimeout } : undefined

// Cloudflare's workerd ends the timers of a request with it, and nobody else may wait for one. Timers of Node.js and Bun are
// objects, and belong to the whole process; those of all others are numbers. Known with the first.
let canBeShared = true

/** All that is timed, as a binary heap: the next to come stands first. */
const heap: Timed[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let firesAt = Number.POSITIVE_INFINITY
/** The time that it will be when the timer fires, whatever clock is asked by then. */
let setFor = 0

/** Begins the time of something. One timer is enough for all: it stays set when what it was set for is over. */
export function startTime(timed: Timed, ms: number, now: number): void {
  timed.dueAt = now + ms
  if (!canBeShared || own === undefined || globalThis.setTimeout !== own.set) {
    timed.timer = setTimeout(() => onOwnTimer(timed, ms), ms)
    return
  }
  heap.push(timed)
  rise(timed, heap.length - 1)
  // One that should have fired by now may be lost.
  if (timed.dueAt < firesAt || firesAt < now) setTimer(now)
}

/** Ends it: nothing is called any more. */
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
  // Not called as methods: browsers take them for methods of the global object alone.
  const { set, clear } = own
  clear(timer)
  firesAt = heap[0]?.dueAt ?? Number.POSITIVE_INFINITY
  timer = undefined
  if (firesAt === Number.POSITIVE_INFINITY) return
  const ms = Math.min(LONGEST_TIMER, Math.max(0, firesAt - now))
  setFor = now + ms
  timer = set(fire, ms)
  canBeShared = typeof timer === 'object'
  // It is no reason to go on: what is waited for holds the process by itself.
  ;(timer as { unref?(): void }).unref?.()
}

function fire(): void {
  // A mock may have taken the clock's place since, and stand still.
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
