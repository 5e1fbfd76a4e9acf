import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Admission } from '../src/admit/admission.ts'
import { Budget } from '../src/admit/budget.ts'
import { Pause } from '../src/admit/pause.ts'
import type { Permit } from '../src/admit/permit.ts'
import type { Turn } from '../src/admit/turn.ts'
import { systemClock } from '../src/contract/clock.ts'
import type { Priority } from '../src/index.ts'
import { snapshotOf } from '../src/state/service-registry.ts'

/** Time that passes when it is told to, and runs what is due on its way. */
class ManualTime {
  at = 0
  readonly #due = new Set<{ readonly at: number; readonly run: () => void }>()

  constructor() {
    vi.spyOn(systemClock, 'now').mockImplementation(() => this.at)
    vi.spyOn(systemClock, 'random').mockReturnValue(0.5)
    vi.spyOn(systemClock, 'after').mockImplementation((ms, run) => {
      const timer = { at: this.at + ms, run }
      this.#due.add(timer)
      return () => this.#due.delete(timer)
    })
  }

  get timers(): number {
    return this.#due.size
  }

  async pass(ms: number): Promise<void> {
    const end = this.at + ms
    for (;;) {
      const next = [...this.#due].sort((one, other) => one.at - other.at)[0]
      if (next === undefined || next.at > end) break
      this.#due.delete(next)
      this.at = Math.max(this.at, next.at)
      next.run()
      await settled()
    }
    this.at = end
  }
}

const settled = async () => {
  for (let turn = 0; turn < 4; turn++) await Promise.resolve()
}

interface Asked {
  readonly priority: Priority
  readonly deadlineAt: number
  readonly owesToken: boolean
  readonly hasFailed: boolean
  readonly retries: number
  readonly abort: AbortController
  turn?: Turn
}

const RANK: Record<Priority, number> = { high: 0, normal: 1, low: 2 }

/** One key, those who wait at it, and the attempts that it has let out. */
class World {
  readonly time = new ManualTime()
  readonly budget = new Budget({ size: 2, perCall: 0.5, perSecond: 0.1 }, 0)
  readonly admission: Admission
  readonly waiting = new Set<Asked>()
  readonly underWay: { readonly permit: Permit; readonly since: number }[] = []

  constructor(queue: number) {
    const pause = new Pause({ max: 20_000 })
    const { budget } = this
    this.admission = new Admission({ breaker: undefined, budget, pause, hasLimit: true, queue })
  }

  async ask(priority: Priority, patience: number, owesToken: boolean, hasFailed: boolean): Promise<void> {
    const before = snapshotOf(this.admission, this.time.at)
    const permit = this.admission.enter(this.time.at, owesToken)
    if (permit !== undefined) {
      expect(before.waiting).toBe(0)
      return this.#letOut(permit)
    }
    const deadlineAt = this.time.at + patience
    const asked: Asked = { priority, deadlineAt, owesToken, hasFailed, retries: 0, abort: new AbortController() }
    this.waiting.add(asked)
    void this.admission.wait({ ...asked, signals: [asked.abort.signal] }).then((turn) => {
      this.waiting.delete(asked)
      asked.turn = turn
      if (turn.type !== 'admitted') return
      expect(this.time.at).toBeLessThan(asked.deadlineAt)
      // Whoever needs a token may be passed over, and nobody else.
      for (const other of this.waiting) if (!other.owesToken) this.#checkOrder(asked, other)
      this.#letOut(turn.permit)
    })
    await settled()
  }

  /** While nobody is there the one who can wait longest is risked. */
  #checkOrder(gone: Asked, left: Asked): void {
    const { isProbing, isFaulty } = this.admission.gate
    if (isProbing) return expect(RANK[left.priority]).toBeLessThanOrEqual(RANK[gone.priority])
    expect(RANK[left.priority]).toBeGreaterThanOrEqual(RANK[gone.priority])
    if (left.priority !== gone.priority) return
    if (isFaulty && left.hasFailed !== gone.hasFailed) return expect(left.hasFailed).toBe(true)
    expect(left.deadlineAt).toBeGreaterThanOrEqual(gone.deadlineAt)
  }

  async answer(load: 'good' | 'bad' | 'none', hint: number, isConnectionFault: boolean): Promise<void> {
    const attempt = this.underWay.shift()
    if (attempt === undefined) return
    const now = this.time.at
    if (load === 'bad' && hint > 0) this.admission.pause?.start(hint, now)
    this.admission.finish(
      {
        load,
        ms: now - attempt.since,
        isConnectionFault: load === 'bad' && isConnectionFault,
        isSlow: false,
        isTimedOut: now - attempt.since >= 5_000,
        isUnreachable: isConnectionFault,
        hint,
        isThrottle: hint > 0,
      },
      now,
    )
    await settled()
    this.check()
  }

  #letOut(permit: Permit): void {
    this.underWay.push({ permit, since: this.time.at })
    const { limit, pausedFor, underWay } = snapshotOf(this.admission, this.time.at)
    expect(pausedFor).toBe(0)
    expect(underWay).toBeGreaterThanOrEqual(this.underWay.length)
    const most = this.admission.gate.limit?.isByCount ? 2 * limit : Math.floor(limit)
    if (limit >= 1) expect(this.underWay.length).toBeLessThanOrEqual(Math.ceil(most))
  }

  check(): void {
    const { waiting, underWay } = snapshotOf(this.admission, this.time.at)
    expect(waiting).toBe(this.waiting.size)
    expect(underWay).toBe(this.underWay.length)
    for (const asked of this.waiting) expect(asked.deadlineAt).toBeGreaterThan(this.time.at)
    expect(this.time.timers).toBe(this.waiting.size > 0 ? 1 : 0)
  }
}

const priority = fc.constantFrom<Priority>('low', 'normal', 'high')
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constant('ask' as const),
      priority,
      fc.integer({ min: 0, max: 30_000 }),
      fc.boolean(),
      fc.boolean(),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constant('answer' as const),
      fc.constantFrom('good', 'bad', 'none'),
      fc.constantFrom(0, 0, 500, 5_000),
      fc.boolean(),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constant('pass' as const), fc.constantFrom(0, 1, 50, 1_000, 12_000)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('abort' as const), fc.nat(20)) },
)

async function play(world: World, steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) {
  for (const one of steps) {
    if (one[0] === 'ask') await world.ask(one[1], one[2], one[3], one[4])
    else if (one[0] === 'answer') await world.answer(one[1], one[2], one[3])
    else if (one[0] === 'pass') await world.time.pass(one[1])
    else {
      const asked = [...world.waiting][one[1] % Math.max(1, world.waiting.size)]
      asked?.abort.abort('enough')
      await settled()
      if (asked !== undefined) expect(asked.turn?.type).toBe('aborted')
    }
    await settled()
    world.check()
  }
}

describe('the admission of a key, whatever happens:', () => {
  it('lets out no more than its limit, in order, nobody too late, and loses nobody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.constantFrom(0, 3, 1_000), async (steps, queue) => {
        const world = new World(queue)
        await play(world, steps)
        expect(world.waiting.size).toBeLessThanOrEqual(queue)
        // Nothing is answered any more: time alone ends every wait.
        await world.time.pass(60_000)
        world.check()
        expect(world.waiting.size).toBe(0)
        expect(world.time.timers).toBe(0)
      }),
      { numRuns: 300 },
    )
  })
})
