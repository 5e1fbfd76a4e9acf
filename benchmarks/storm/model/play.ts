import type { PlannedCall } from './calls.ts'
import { now, passUntil, restart } from './clock.ts'
import type { Caller, Contender } from './contender.ts'
import { seeded, seedOf } from './random.ts'
import type { Scenario } from './scenario.ts'
import { withSessions } from './session-recipe.ts'
import { PATIENCE } from './times.ts'
import { wireOf } from './wire.ts'
import { World } from './world.ts'

/** The record of one run. */
export interface Played {
  readonly world: World
  /** Milliseconds at which each call ended. */
  readonly endedAt: Float64Array
  /** 1 for a call that succeeded. */
  readonly succeeded: Uint8Array
}

const JITTER = 3

/** Plays a scenario with one contender; `undefined` if the contender does not exist in the measured code. */
export async function play(
  scenario: Scenario,
  contender: Contender,
  options: { readonly seed: number; readonly tree?: string | undefined },
): Promise<Played | undefined> {
  restart()
  Math.random = seeded(seedOf(options.seed, JITTER))
  const world = new World(scenario, options.seed)
  const fetch = wireOf(world)
  const caller = await contender.start({ world, fetch, tree: options.tree })
  if (caller === undefined) return undefined
  const isRecipe = world.sessions !== undefined && contender.hasSessions !== true
  const run = new Run(world, isRecipe ? withSessions(caller, fetch) : caller)
  world.begin()
  run.begin()
  await passUntil(() => run.isOver)
  restart()
  return run
}

class Run implements Played {
  readonly world: World
  readonly endedAt: Float64Array
  readonly succeeded: Uint8Array
  readonly #caller: Caller
  #ended = 0

  constructor(world: World, caller: Caller) {
    this.world = world
    this.#caller = caller
    this.endedAt = new Float64Array(world.calls.length)
    this.succeeded = new Uint8Array(world.calls.length)
  }

  get isOver(): boolean {
    return this.#ended === this.world.calls.length
  }

  begin(next = 0): void {
    const call = this.world.calls[next]
    if (call === undefined) return
    setTimeout(() => {
      this.begin(next + 1)
      void this.#make(call)
    }, call.at - now())
  }

  async #make(call: PlannedCall): Promise<void> {
    const { id, client, priority } = call
    const { method = 'GET' } = this.world.scenario
    const controller = new AbortController()
    const patience = setTimeout(() => {
      this.#end(id, false)
      controller.abort(new DOMException('The caller has lost patience.', 'AbortError'))
    }, PATIENCE)
    const { signal } = controller
    const isFine = await this.#caller({
      id,
      client,
      url: this.world.urlOf(call),
      method,
      headers: {},
      priority,
      signal,
    }).then(
      (status) => status >= 200 && status < 300,
      () => false,
    )
    clearTimeout(patience)
    if (!signal.aborted) this.#end(id, isFine)
  }

  #end(id: number, isFine: boolean): void {
    this.endedAt[id] = now()
    this.succeeded[id] = isFine ? 1 : 0
    this.#ended++
  }
}
