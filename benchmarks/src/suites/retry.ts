import { resilient } from '@holdfast/core'
import { ConstantBackoff, circuitBreaker, handleAll, retry, SamplingBreaker, wrap } from 'cockatiel'
import ky from 'ky'
import CircuitBreaker from 'opossum'
import pRetry from 'p-retry'
import { type Contender, type Fetch, okOnly, opossumOptions } from '../contenders.ts'
import { type Failure, flaky } from '../flaky.ts'
import { caseOf, interleave } from '../interleave.ts'
import type { Suite } from '../suite.ts'
import { calibrate, timeBatches } from '../timing.ts'

const url = 'https://service.example/api/vcenter/vm'
const loop = 'hand-written loop'

function suite(name: string, failure: Failure, what: string): Suite {
  return {
    name,
    title: `One attempt fails (${what}), least delay, one is good; no network`,
    unit: 'µs/call',
    baseline: loop,
    exact: false,
    rounds: { full: 40, quick: 7 },
    processes: { full: 2, quick: 1 },
    flags: [],
    async run(rounds) {
      const contenders = retriers(() => flaky(failure))
      const cases = await Promise.all(contenders.map(({ name, get }) => caseOf(name, get)))
      const calls = await calibrate(cases, 8)
      const kept = await interleave(cases, rounds, 5, timeBatches(calls, { width: 1, unit: 1_000 }))
      for (const { close } of contenders) await close?.()
      return kept
    },
  }
}

/** Breakers record each attempt but never open: half of all attempts fail here, call after call. */
function retriers(stub: () => Fetch): Contender[] {
  const client = ky.create({ fetch: stub(), retry: { limit: 2, delay: () => 0 } })
  return [
    { name: loop, get: handWritten(stub()) },
    { name: `${loop} (control)`, get: handWritten(stub()) },
    { name: 'ky', get: () => client.get(url) },
    cockatiel(stub()),
    naive(stub()),
    holdfast(stub()),
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

function cockatiel(fetch: Fetch): Contender {
  const attempt = okOnly(fetch, url)
  const breaker = new SamplingBreaker({ threshold: 0.99, duration: 10_000 })
  const policy = wrap(
    retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(0) }),
    circuitBreaker(handleAll, { halfOpenAfter: 5_000, breaker }),
  )
  return { name: 'cockatiel retry + breaker', get: () => policy.execute(attempt) }
}

/** Its breaker sees calls, not attempts, so the cost of a failure to opossum is not in this row. */
function naive(fetch: Fetch): Contender {
  const attempt = okOnly(fetch, url)
  const breaker = new CircuitBreaker(() => pRetry(attempt, { retries: 2, minTimeout: 0 }), opossumOptions)
  return { name: 'opossum(p-retry), naive', get: () => breaker.fire(), close: () => breaker.shutdown() }
}

function holdfast(fetch: Fetch): Contender {
  // The shortest curve there may be: a wait of none is not among them.
  const now = { base: 0.001, limit: 0.001 }
  const client = resilient(fetch, {
    retry: { limit: 2, backoff: { fast: now, slow: now } },
    breaker: { failureRate: 1 },
    // Every retry spends a token; a full bucket would be empty within a millisecond.
    budget: { perCall: 2 },
  })
  return { name: 'holdfast', get: () => client(url), close: () => client.close() }
}

export const retryNetwork = suite('retry-network', 'network', 'connection refused')
export const retryStatus = suite('retry-status', 'status', 'status 503')
