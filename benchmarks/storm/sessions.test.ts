import { expect, test } from 'vitest'
import './virtual-time.ts'
import { contenders } from './contenders/index.ts'
import { figuresOf } from './measure/figures.ts'
import { well } from './model/condition.ts'
import { play } from './model/play.ts'
import { scenarios } from './scenarios/index.ts'

/** Milliseconds of a login, and some for the request after it. */
const ONE_LOGIN = 550

/** Sessions that end, at a service that answers at once. */
function quick() {
  const sessions = scenarios.find(({ name }) => name === '7')
  if (sessions === undefined) throw new Error('There is no scenario 7.')
  return { ...sessions, seconds: 40, clients: 20, load: 0.005, servers: [{ ...well(), serviceTime: 1 }] }
}

test.each(['holdfast', 'no retry'])(
  'every client is a process, and waits for no login but its own: %s',
  async (name) => {
    const contender = contenders.find((one) => one.name === name)
    const played = contender && (await play(quick(), contender, { seed: 1 }))
    if (played === undefined) throw new Error('Nothing was played.')
    const times = played.world.calls.map(({ at }, id) => (played.endedAt[id] ?? 0) - at)
    expect(figuresOf(played).success).toBe(1)
    expect(Math.max(...times)).toBeLessThan(ONE_LOGIN)
  },
)
