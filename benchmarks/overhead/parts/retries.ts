import { resilient } from '@holdfast/core'
import { ConstantBackoff, circuitBreaker, handleAll, retry, SamplingBreaker, wrap } from 'cockatiel'
import ky from 'ky'
import CircuitBreaker from 'opossum'
import pRetry from 'p-retry'
import { type Fetch, opossumOptions } from '../../src/contenders.ts'
import { type Failure, flaky } from '../../src/flaky.ts'
import { caseOf, interleave } from '../../src/interleave.ts'
import { calibrate, timeBatches } from '../../src/timing.ts'
import { type Contender, url } from '../contenders.ts'
import type { Figure, Part } from '../figure.ts'
import { least } from './success.ts'

const FAILURES: Readonly<Record<Failure, string>> = { network: 'refused connection', status: 'status 503' }

const MOST = 2
/** More addresses than calls in flight, so that each call has its own. */
const ADDRESSES = Array.from({ length: 512 }, (_, at) => `${url}/vm-${at}`)

/** One attempt that fails, the shortest possible delay, and one that succeeds. */
export const retries: Part = {
  name: 'retries',
  flags: [],
  rounds: { full: 40, quick: 10 },
  async measure(rounds) {
    const figures: Figure[] = []
    for (const failure of ['network', 'status'] as const) {
      for (const width of [256, 1]) {
        const cases = await Promise.all(retriers(() => flaky(failure)).map(({ name, call }) => caseOf(name, call)))
        for (const { run } of cases) {
          // One at a time first: if many begin together, all fail at first, and would open a circuit.
          await run(200)
          await run(4_000, 256)
        }
        // On a busy machine only a short batch is ever left alone, so there are more of those that are many calls at once.
        const [calls, times] = width === 1 ? [await calibrate(cases, 8), 1] : [() => 2 * width, 4]
        const readings = await interleave(cases, times * rounds, 3, timeBatches(calls, { width, unit: 1_000 }))
        const way = `${FAILURES[failure]}, ${width === 1 ? 'one at a time' : `${width} in flight`}`
        for (const { name } of cases)
          figures.push({ name: `retry after ${way}: ${name}`, value: round(least(readings, name)), unit: 'µs' })
      }
    }
    return figures
  },
}

const round = (value: number): number => Math.round(value * 100) / 100

/** A function that calls an address. */
type Retrier = (address: string) => Promise<unknown>

/** Breakers count each attempt but never open: half of all attempts fail here, call after call. */
function retriers(stub: () => Fetch): readonly Contender[] {
  const client = ky.create({ fetch: stub(), retry: { limit: MOST, delay: () => 0 } })
  const all: Readonly<Record<string, Retrier>> = {
    'hand-written loop': handWritten(stub()),
    ky: (address) => client.get(address),
    cockatiel: cockatiel(stub()),
    'p-retry in opossum': naive(stub()),
    holdfast: holdfast(stub()),
  }
  return Object.entries(all).map(([name, retrier]) => {
    let at = 0
    return { name, call: () => retrier(ADDRESSES[at++ % ADDRESSES.length] ?? url) }
  })
}

async function okOrThrow(fetch: Fetch, address: string): Promise<Response> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response
}

const handWritten =
  (fetch: Fetch): Retrier =>
  async (address) => {
    for (let left = MOST; ; left--) {
      try {
        return await okOrThrow(fetch, address)
      } catch (error) {
        if (left === 0) throw error
      }
    }
  }

function cockatiel(fetch: Fetch): Retrier {
  const breaker = new SamplingBreaker({ threshold: 0.99, duration: 10_000 })
  const policy = wrap(
    retry(handleAll, { maxAttempts: MOST, backoff: new ConstantBackoff(0) }),
    circuitBreaker(handleAll, { halfOpenAfter: 5_000, breaker }),
  )
  return (address) => policy.execute(() => okOrThrow(fetch, address))
}

/** Its breaker sees calls, not attempts, so the cost of a failure to opossum is not in this row. */
function naive(fetch: Fetch): Retrier {
  const breaker = new CircuitBreaker(
    (address: string) => pRetry(() => okOrThrow(fetch, address), { retries: MOST, minTimeout: 0 }),
    opossumOptions,
  )
  return (address) => breaker.fire(address)
}

function holdfast(fetch: Fetch): Retrier {
  // The shortest possible curve: a wait of 0 is not allowed.
  const now = { base: 0.001, limit: 0.001 }
  const client = resilient(fetch, {
    retry: { limit: MOST, backoff: { fast: now, slow: now } },
    breaker: { failureRate: 1 },
    // Half of the attempts fail, from which it would learn a limit.
    limits: false,
    // Every retry spends a token, and all calls in flight may need one at once.
    budget: { size: 1_000, perCall: 2 },
  })
  return (address) => client(address)
}
