import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, expect, it, vi } from 'vitest'
import { createState, type ResilientFetch, resilient } from '../src/index.ts'
import type { Session, SessionSource } from '../src/plugin.ts'
import { Lodging } from './helpers/lodging.ts'
import { keySource, type LodgeRow, lodge, lodgeOrigin } from './helpers/session-vendor.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const realImmediate = globalThis.setImmediate
const HOUR = 3_600_000
const DAYS = 4
const at = new Lodging()

let day = 0
let password = ''
let watched: { readonly what: string; readonly day: number; readonly ref: WeakRef<object> }[] = []

beforeEach(() => {
  day = 0
  password = 'open-0'
  watched = []
})

function watch<T extends object>(what: string, thing: T): T {
  watched.push({ what, day, ref: new WeakRef(thing) })
  return thing
}

/** Things of days gone by that are still there. */
const old = () => watched.filter((one) => one.day < day && one.ref.deref() !== undefined).map(({ what }) => what)

/** Everything that nobody uses any more is gone: what a weak reference leads to is held until a turn of the event loop ends. */
async function settled(): Promise<void> {
  // One collection may leave what code that is being compiled still names.
  for (let turn = 0; turn < 4 || (turn < 40 && old().length > 0); turn++) {
    await new Promise<void>((resolve) => realImmediate(resolve))
    collect()
  }
}

/** A vendor object of its own, whose credentials and sessions are watched. */
function lodgeOf(username: string) {
  const own = keySource(() => watch('credentials', { username, password }))
  const source: SessionSource = {
    ...(own as SessionSource),
    open: async (...login) => watch<Session>('session', await (own as SessionSource).open(...login)),
  }
  return lodge({ auth: source as never })
}

const room = (number: number) => `${lodgeOrigin}/rooms/${number}`

/** An hour in the life of a long process. */
async function hour(number: number, main: ResilientFetch<LodgeRow>, state = main.state): Promise<void> {
  const calls: Promise<boolean>[] = []
  const begin = (call: Promise<unknown>) =>
    calls.push(
      call.then(
        () => true,
        () => false,
      ),
    )
  begin(main(room(number)))
  const child = main.extend({ observers: [watch('observer', () => {})], init: { headers: { 'x-hour': `${number}` } } })
  begin(child(room(number)))
  const dead = watch(
    'client',
    resilient(async () => new Response(null, { status: 503 }), { state, retry: 0 }),
  )
  for (let call = 0; call < 12; call++) begin(dead(`https://host-${number}.example/`))
  const tenant = watch('client', at.guest({ vendor: lodgeOf(`tenant-${number}`), state }))
  begin(tenant(room(number)))
  // The vault of one still gives the password of yesterday.
  const wrong = { ...keySource(() => watch('credentials', { username: `late-${number}`, password: 'open-sesame' })) }
  const late = watch('client', at.guest({ vendor: lodge({ auth: wrong }), state, retry: 0 }))
  begin(late(room(number)))
  await vi.advanceTimersByTimeAsync(10_000)
  // Half of the tenants go without a word.
  if (number % 2 === 0) for (const client of [tenant, late]) begin(client.close({ drain: 0 }))
  await impatient(main, number)
  await vi.advanceTimersByTimeAsync(HOUR - 11_000)
  const [first, second] = await Promise.all(calls)
  expect([first, second]).toEqual([true, true])
}

/** A call that its caller gives up while it waits to be repeated. */
async function impatient(main: ResilientFetch<LodgeRow>, number: number): Promise<void> {
  const giveUp = watch('signal', new AbortController())
  at.house.upstairs = () => new Response(null, { status: 503, headers: { 'retry-after': '600' } })
  const call = main(room(number), { signal: giveUp.signal }).catch(() => {})
  await vi.advanceTimersByTimeAsync(1_000)
  giveUp.abort()
  await call
  expect(getEventListeners(giveUp.signal, 'abort')).toEqual([])
  at.house.upstairs = () => undefined
}

it('a process that runs for days keeps no more than on its first', async () => {
  const state = createState()
  const stop = new AbortController()
  const main = at.guest({ vendor: lodgeOf('operator'), state, init: { signal: stop.signal } })
  at.house.limits = () => ({ expiresAt: Date.now() + 8 * HOUR })
  const days: Readonly<Record<string, number>>[] = []
  for (day = 0; day < DAYS; day++) {
    password = `open-${day}`
    at.house.accepted = { password }
    at.house.forgetKeys()
    at.house.visits.length = 0
    for (let time = 0; time < 24; time++) await hour(24 * day + time, main)
    await settled()
    const { services, sessions, observers } = state.size
    const listeners = getEventListeners(stop.signal, 'abort').length
    days.push({ services, sessions, observers, listeners, timers: vi.getTimerCount() })
    expect(old()).toEqual([])
    watched = watched.filter(({ ref }) => ref.deref() !== undefined)
  }
  expect(days).toEqual(days.map(() => ({ ...days[1], observers: expect.any(Number) })))
  for (const { observers } of days) expect(observers).toBeLessThan(128)
  await main.close({ drain: 0 })
  await settled()
  expect(vi.getTimerCount()).toBe(0)
  expect(state.size.sessions).toBe(0)
  expect(watched.filter(({ what, ref }) => what !== 'client' && ref.deref() !== undefined)).toEqual([])
})
