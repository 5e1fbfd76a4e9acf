import { expect, test } from 'vitest'
import './virtual-time.ts'
import { contenders } from './contenders/index.ts'
import { figuresOf } from './measure/figures.ts'
import { play } from './model/play.ts'
import { scenarios } from './scenarios/index.ts'

/** A minute of a restart, with few calls. */
const short = () => {
  const restart = scenarios.find(({ name }) => name === '2c')
  if (restart === undefined) throw new Error('There is no scenario 2c.')
  return { ...restart, seconds: 60, clients: 5, load: 0.2 }
}

async function figures(name: string, seed: number) {
  const contender = contenders.find((one) => one.name === name)
  const played = contender && (await play(short(), contender, { seed }))
  return played && figuresOf(played)
}

test.each(['holdfast', 'cockatiel, sampling', 'smithy, standard'])(
  'a seed gives the same figures again: %s',
  async (name) => {
    const first = await figures(name, 1)
    expect(first).toBeDefined()
    expect(await figures(name, 1)).toEqual(first)
    expect(await figures(name, 2)).not.toEqual(first)
  },
)

test('what clients wait for patiently succeeds, and what nobody repeats fails for as long as the outage', async () => {
  expect((await figures('ideal', 1))?.success).toBe(1)
  expect((await figures('no retry', 1))?.success).toBeCloseTo(1 - 10 / 60, 1)
})
