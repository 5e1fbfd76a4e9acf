import { expect, test } from 'vitest'
import './virtual-time.ts'
import { heldOf } from './measure/figures.ts'
import { loadInFault } from './measure/load.ts'
import { drainOf, recoveryOf } from './measure/recovery.ts'
import type { Played } from './model/play.ts'
import { World } from './model/world.ts'
import { goalsOf } from './report/goals.ts'
import { scenarios } from './scenarios/index.ts'

function worldOf(name: string): World {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`)
  return new World(scenario, 1)
}

/** Every call takes `ms`, and fails where `fails` says so of the second at which it begins. */
function played(fails: (second: number) => boolean, ms: number): Played {
  const world = worldOf('2a')
  return {
    world,
    endedAt: Float64Array.from(world.calls, ({ at }) => at + ms),
    succeeded: Uint8Array.from(world.calls, ({ at }) => (fails(at / 1_000) ? 0 : 1)),
  }
}

test('a service has recovered when its calls succeed and go on to succeed', () => {
  const outage = (second: number): boolean => second >= 30 && second < 97
  expect(recoveryOf(played(outage, 0))).toBeCloseTo(7, 0)
  const relapse = (second: number): boolean => outage(second) || (second >= 110 && second < 112)
  expect(recoveryOf(played(relapse, 0))).toBeCloseTo(22, 0)
  expect(recoveryOf(played((second) => second >= 30, 0))).toBe(Number.POSITIVE_INFINITY)
})

test('the failures of those that have waited count for the drain alone', () => {
  const late = played((second) => second >= 30 && second < 90, 10_000)
  expect(recoveryOf(late)).toBe(0)
  expect(drainOf(late)).toBeCloseTo(10, 0)
})

test.each([
  ['1a', 60 * 60],
  ['2a', 60 * 200],
  ['4', 60 * 70],
  ['6', 60 * 180],
  ['flapping', 25 * 200],
])('the load of %s is what arrives in the fault ÷ the %d requests that the servers can do', (name, able) => {
  const world = worldOf(name)
  world.attemptsAt.fill(10, world.scenario.fault.from, world.scenario.fault.to)
  const arrived = 10 * (world.scenario.fault.to - world.scenario.fault.from)
  expect(loadInFault(world)).toBeCloseTo(arrived / able, 6)
})

test('a call is held back while it is neither over nor has an attempt under way', () => {
  const run = played(() => false, 9_000)
  expect(heldOf(run)).toBe(9_000)
  const { calls, sentFor, scenario } = run.world
  for (const { id, at } of calls) if (at < scenario.fault.to * 1_000) sentFor[id] = 7_000
  expect(heldOf(run)).toBe(2_000)
})

test('who is to fail fast is measured by those who do', () => {
  const figures = { attempts: 1, load: 1, recovery: 0, drain: 0, duplicates: undefined, extraLogins: undefined }
  const further = { p99: undefined, p99Overall: 1, important: undefined, neighbour: undefined }
  const resultOf = (contender: string, success: number, held: number) => ({
    ...{ scenario: '1a', contender, course: [], took: 0 },
    figures: { ...figures, ...further, success, held },
  })
  const own = resultOf('holdfast, patience 0', 0.8, 0)
  const others = [resultOf('ideal', 1, 0), resultOf('ky', 0.81, 1_999), resultOf('undici', 0.9, 2_000)]
  expect(goalsOf(own, [own, ...others]).success).toEqual({ relation: '>=', bound: 0.81 })
})
