import { now, passUntil, restart } from '../storm/model/clock.ts'
import type { Watcher } from './watchers.ts'

/** Milliseconds in which the tasks end, one after the other. */
const DURATION = 300_000

/** One run: the number of polls, and how late the ends were known. */
export interface Measured {
  /** Polls a second, until the last task has ended. */
  readonly perSecond: number
  /** Most polls in any one second. */
  readonly most: number
  /** Milliseconds after which nineteen of twenty ends were known. */
  readonly late: number
}

/** Has a watcher wait for so many tasks of one host, in virtual time. */
export async function measure(watcher: Watcher, number: number): Promise<Measured> {
  restart()
  const host = watcher.hostOf(number, DURATION)
  const ends = new Map(host.tasks.map(({ id, endsAt }) => [id, endsAt]))
  const delays: number[] = []
  let isDone = false
  let most = 0
  let before = 0
  const count = setInterval(() => {
    most = Math.max(most, host.polls - before)
    before = host.polls
  }, 1_000)
  const done = watcher.watch(host, (id) => void delays.push(now() - (ends.get(id) ?? 0)))
  void done.finally(() => {
    isDone = true
  })
  await passUntil(() => isDone)
  clearInterval(count)
  await done
  const sorted = delays.toSorted((one, other) => one - other)
  return { perSecond: host.polls / (now() / 1_000), most, late: sorted[Math.floor(0.95 * sorted.length)] ?? 0 }
}
