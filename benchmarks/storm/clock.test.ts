import { array, assert as check, constantFrom, integer, property, tuple } from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import './virtual-time.ts'
import { now, passUntil, restart } from './model/clock.ts'
import { Timers, VirtualTimer } from './model/timers.ts'

beforeEach(restart)

/** Runs everything that is due, and records it. */
async function played(begin: (note: (what: string) => () => void) => void): Promise<string[]> {
  const notes: string[] = []
  const ends = { isOver: false }
  begin((what) => () => notes.push(`${now()} ${what}`))
  setTimeout(() => {
    ends.isOver = true
  }, 1_000_000)
  await passUntil(() => ends.isOver)
  return notes
}

test('timers come by their time, and those of one time in the order in which they were set, immediates first', async () => {
  const notes = await played((note) => {
    setTimeout(note('late'), 20)
    setTimeout(note('first'), 10.9)
    setTimeout(note('second'), 10)
    setTimeout(note('at once'), 0)
    setImmediate(note('immediate'))
  })
  expect(notes).toEqual(['0 immediate', '0 at once', '10 first', '10 second', '20 late'])
})

test('what is cleared does not come, and what repeats comes until it is cleared', async () => {
  const notes = await played((note) => {
    clearTimeout(setTimeout(note('cleared'), 5))
    const repeated = setInterval(note('again'), 10)
    setTimeout(() => clearInterval(repeated), 35)
  })
  expect(notes).toEqual(['10 again', '20 again', '30 again'])
})

test('time goes on where a timer sets the next for at once', async () => {
  const notes = await played((note) => {
    setTimeout(() => setTimeout(note('next'), 0), 5)
  })
  expect(notes).toEqual(['6 next'])
})

test('the date and the monotonic clock go with the timers', async () => {
  const before = [Date.now(), performance.now()] as const
  const after: unknown[] = []
  await played(() => {
    setTimeout(() => after.push(Date.now(), performance.now(), new Date().toISOString()), 1_500)
  })
  expect(after).toEqual([before[0] + 1_500, before[1] + 1_500, '2026-01-01T00:00:01.500Z'])
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z')
})

test('promises and ticks that a timer has settled run before the next timer, however long the chain', async () => {
  const notes = await played((note) => {
    const hop = async (left: number): Promise<void> => {
      if (left === 0) return note('settled')()
      await new Promise<void>((resolve) => process.nextTick(resolve))
      for (let step = 0; step < 5; step++) await undefined
      await hop(left - 1)
    }
    setTimeout(() => void hop(20), 5)
    setTimeout(note('next'), 5)
  })
  expect(notes).toEqual(['5 settled', '5 next'])
})

test('a run in which nothing is left to happen ends with an error', async () => {
  await expect(passUntil(() => false)).rejects.toThrow('nothing is left to happen')
})

test('the heap gives out what a sorted list would, whatever is cleared', () => {
  const steps = array(tuple(constantFrom('add', 'clear', 'take'), integer({ min: 0, max: 50 })), { maxLength: 400 })
  void check(
    property(steps, (some) => {
      const timers = new Timers(2)
      let left: VirtualTimer[] = []
      for (const [order, [step, number]] of some.entries()) {
        if (step === 'add') {
          const timer = new VirtualTimer(number, order, () => {})
          timers.add(timer)
          left.push(timer)
          continue
        }
        left.sort((one, other) => one.at - other.at || one.order - other.order)
        const gone = left[step === 'take' ? 0 : number % Math.max(1, left.length)]
        if (step === 'take') expect(timers.take()).toBe(gone)
        else if (gone !== undefined) timers.clear(gone)
        left = left.filter((timer) => timer !== gone)
      }
    }),
  )
})
