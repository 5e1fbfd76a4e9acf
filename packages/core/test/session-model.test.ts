import fc from 'fast-check'
import { beforeEach, expect, it, vi } from 'vitest'
import { forgetRefusedLogins } from '../src/index.ts'
import { desks, floors, hosts, layouts, SessionWorld, vaults } from './helpers/session-world.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

type Model = Record<string, never>
/** A step of a story. Any may follow any other: what must hold is checked by the world itself. */
class Step implements fc.AsyncCommand<Model, SessionWorld> {
  readonly #name: string
  readonly #take: (world: SessionWorld) => unknown

  constructor(name: string, take: (world: SessionWorld) => unknown) {
    this.#name = name
    this.#take = take
  }

  check(): boolean {
    return true
  }

  async run(_: Model, world: SessionWorld): Promise<void> {
    await this.#take(world)
    await vi.advanceTimersByTimeAsync(0)
    expect(world.broken).toEqual([])
  }

  toString(): string {
    return this.#name
  }
}

const step =
  <T extends readonly unknown[]>(name: string, take: (world: SessionWorld, ...args: T) => unknown) =>
  (args: T) =>
    new Step(`${name}(${JSON.stringify(args).slice(1, -1)})`, (world) => take(world, ...args))

const client = fc.nat({ max: 2 })
const limits = fc.record({
  retry: fc.nat({ max: 4 }),
  timeout: fc.constantFrom(500, 5_000),
  totalTimeout: fc.constantFrom(300, 2_000, 20_000, 120_000),
})
const call = fc
  .tuple(client, fc.constantFrom('GET', 'POST', 'PUT'), limits)
  .map(step('call', (world, ...args) => world.call(...args)))
const steps = [
  call,
  call,
  call,
  fc
    .tuple(fc.constantFrom(1, 40, 900, 2_100, 6_000, 61_000))
    .map(step('pass', (_, ms) => vi.advanceTimersByTimeAsync(ms))),
  fc.tuple(fc.constantFrom(...desks)).map(step('desk', (world, desk) => Object.assign(world, { desk }))),
  fc.tuple(fc.constantFrom(...vaults)).map(step('vault', (world, vault) => Object.assign(world, { vault }))),
  fc.tuple(fc.constantFrom(...floors)).map(step('floor', (world, floor) => Object.assign(world, { floor }))),
  fc
    .tuple(fc.boolean(), fc.constantFrom(...hosts))
    .map(step('house', (world, ...named) => world.changeHouse(...named))),
  fc.tuple(fc.nat({ max: 30 })).map(step('abort', (world, at) => world.abort(at))),
  fc.tuple().map(step('endSessions', (world) => world.endSessions())),
  fc.tuple(fc.boolean()).map(step('rotate', (world, isGiven) => world.rotate(isGiven))),
  fc.tuple(client, fc.constantFrom(0, 1_000, 5_000)).map(step('close', (world, ...args) => world.close(...args))),
  fc.tuple().map(step('reset', (world) => world.reset())),
]

/** Plays a story to its end, and tells what is left of it. */
async function play(
  layout: (typeof layouts)[number],
  story: Iterable<fc.AsyncCommand<Model, SessionWorld>>,
): Promise<void> {
  forgetRefusedLogins()
  const world = new SessionWorld(layout)
  await fc.asyncModelRun(() => ({ model: {}, real: world }), story)
  await vi.advanceTimersByTimeAsync(150_000)
  for (let one = 0; one < world.clients; one++) world.close(one, 1_000)
  await vi.advanceTimersByTimeAsync(150_000)
  expect(world.leftovers()).toEqual([])
  expect(world.pending).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
}

it('holds what it promises of sessions, logins and closing, whatever happens in whatever order', async () => {
  const numRuns = Number(process.env.MODEL_RUNS ?? 1_000)
  const stories = fc.commands(steps, { maxCommands: 40, size: 'max' })
  await fc.assert(fc.asyncProperty(fc.constantFrom(...layouts), stories, play), {
    numRuns,
    seed: Number(process.env.MODEL_SEED ?? 7),
  })
}, 3_600_000)
