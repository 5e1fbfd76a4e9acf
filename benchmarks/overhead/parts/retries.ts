import { resilient } from '@holdfast/core'
import { ConstantBackoff, circuitBreaker, handleAll, retry, SamplingBreaker, wrap } from 'cockatiel'
import ky from 'ky'
import CircuitBreaker from 'opossum'
import pRetry from 'p-retry'
import { type Fetch, okOnly, opossumOptions } from '../../src/contenders.ts'
import { type Failure, flaky } from '../../src/flaky.ts'
import { caseOf, interleave } from '../../src/interleave.ts'
import { calibrate, timeBatches } from '../../src/timing.ts'
import { type Contender, url } from '../contenders.ts'
import type { Figure, Part } from '../figure.ts'
import { least } from './success.ts'

const FAILURES: Readonly<Record<Failure, string>> = { network: 'refused connection', status: 'status 503' }

/** One attempt that fails, the least delay there is, and one that is good. */
export const retries: Part = {
  name: 'retries',
  flags: [],
  rounds: { full: 40, quick: 10 },
  async measure(rounds) {
    const figures: Figure[] = []
    for (const failure of ['network', 'status'] as const) {
      for (const width of [256, 1]) {
        const cases = await Promise.all(retriers(() => flaky(failure)).map(({ name, call }) => caseOf(name, call)))
        for (const { run } of cases) await run(4_000, 256)
        const calls = width === 1 ? await calibrate(cases, 8) : () => 2_048
        const readings = await interleave(cases, rounds, 3, timeBatches(calls, { width, unit: 1_000 }))
        const way = `${FAILURES[failure]}, ${width === 1 ? 'one at a time' : `${width} in flight`}`
        for (const { name } of cases)
          figures.push({ name: `retry after ${way}: ${name}`, value: round(least(readings, name)), unit: 'µs' })
      }
    }
    return figures
  },
}

const round = (value: number): number => Math.round(value * 100) / 100

/** Breakers count each attempt but never open: half of all attempts fail here, call after call. */
function retriers(stub: () => Fetch): readonly Contender[] {
  const client = ky.create({ fetch: stub(), retry: { limit: 2, delay: () => 0 } })
  return [
    { name: 'hand-written loop', call: handWritten(stub()) },
    { name: 'ky', call: () => client.get(url) },
    { name: 'cockatiel', call: cockatiel(stub()) },
    { name: 'p-retry in opossum', call: naive(stub()) },
    { name: 'holdfast', call: holdfast(stub()) },
  ]
}

function handWritten(fetch: Fetch): () => Promise<Response> {
  const attempt = okOnly(fetch, url)
  return async () => {
    for (let left = 2; ; left--) {
      try {
        return await attempt()
      } catch (error) {
        if (left === 0) throw error
      }
    }
  }
}

function cockatiel(fetch: Fetch): () => Promise<Response> {
  const attempt = okOnly(fetch, url)
  const breaker = new SamplingBreaker({ threshold: 0.99, duration: 10_000 })
  const policy = wrap(
    retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(0) }),
    circuitBreaker(handleAll, { halfOpenAfter: 5_000, breaker }),
  )
  return () => policy.execute(attempt)
}

/** Its breaker sees calls, not attempts, so the cost of a failure to opossum is not in this row. */
function naive(fetch: Fetch): () => Promise<Response> {
  const attempt = okOnly(fetch, url)
  const breaker = new CircuitBreaker(() => pRetry(attempt, { retries: 2, minTimeout: 0 }), opossumOptions)
  return () => breaker.fire()
}

function holdfast(fetch: Fetch): () => Promise<Response> {
  // The shortest curve there may be: a wait of none is not among them.
  const now = { base: 0.001, limit: 0.001 }
  const client = resilient(fetch, {
    retry: { limit: 2, backoff: { fast: now, slow: now } },
    breaker: { failureRate: 1 },
    // Half of the attempts fail, which would let it learn a limit.
    limits: false,
    // Every retry spends a token; a full bucket would be empty within a millisecond.
    budget: { perCall: 2 },
  })
  return () => client(url)
}
