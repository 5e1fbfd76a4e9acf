import { isRefused, resilient } from '@holdfast/core'
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel'
import CircuitBreaker from 'opossum'
import { okOnly, opossumOptions } from '../../src/contenders.ts'
import { dead } from '../../src/flaky.ts'
import { caseOf, interleave } from '../../src/interleave.ts'
import { calibrate, timeBatches } from '../../src/timing.ts'
import { type Contender, url } from '../contenders.ts'
import type { Part } from '../figure.ts'
import { least } from './success.ts'

const HOUR = 3_600_000

interface Refuser extends Contender {
  /** True for its refusal, false for any other failure. */
  isRefusal(error: unknown): boolean
}

/** The cost of a refused call: there are thousands a second, in the middle of an outage. */
export const refusals: Part = {
  name: 'refusals',
  flags: [],
  rounds: { full: 60, quick: 15 },
  async measure(rounds) {
    const refusers = [thrower(), stackless(), cockatiel(), opossum(), byCircuit(), byLine()]
    for (const refuser of refusers) await provoke(refuser)
    const cases = await Promise.all(refusers.map(({ name, call }) => caseOf(name, refused(call))))
    const calls = await calibrate(cases, 4)
    const readings = await interleave(cases, rounds, 10, timeBatches(calls, { width: 1, unit: 1 }))
    for (const refuser of refusers) await assertRefusing(refuser)
    return cases.map(({ name }) => ({ name: `refusal: ${name}`, value: Math.round(least(readings, name)), unit: 'ns' }))
  },
}

function refused(call: () => Promise<unknown>): () => Promise<unknown> {
  return () => call().then(unexpected, () => undefined)
}

function unexpected(): never {
  throw new Error('A call was let through that should have been refused.')
}

async function provoke({ name, call, isRefusal }: Refuser): Promise<void> {
  for (let i = 0; i < 100; i++) if (isRefusal(await call().catch((error: unknown) => error))) return
  throw new Error(`${name} does not refuse.`)
}

/** Checks that nothing was sent meanwhile. */
async function assertRefusing({ name, call, isRefusal }: Refuser): Promise<void> {
  const error = await call().then(unexpected, (reason: unknown) => reason)
  if (!isRefusal(error)) throw new Error(`${name} did not refuse all the time.`)
}

/** The least that a refusal with a real error can cost. */
function thrower(): Refuser {
  const call = async () => {
    throw new Error('The circuit is open.')
  }
  return { name: 'async function that throws', call, isRefusal: () => true }
}

function stackless(): Refuser {
  const call = async () => {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    try {
      throw new Error('The circuit is open.')
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
  }
  return { name: 'async function that throws, without a stack', call, isRefusal: () => true }
}

function cockatiel(): Refuser {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: HOUR, breaker: new ConsecutiveBreaker(5) })
  const attempt = okOnly(dead, url)
  const isRefusal = (error: unknown) => error instanceof BrokenCircuitError
  return { name: 'cockatiel', call: () => policy.execute(attempt), isRefusal }
}

function opossum(): Refuser {
  const breaker = new CircuitBreaker(okOnly(dead, url), { ...opossumOptions, resetTimeout: HOUR })
  const isRefusal = (error: unknown) => error instanceof Error && CircuitBreaker.isOurError(error)
  return { name: 'opossum', call: () => breaker.fire(), isRefusal }
}

/** The service answers with failures: if it could not be reached, callers without patience would still send requests. */
function byCircuit(): Refuser {
  const down = async () => new Response(null, { status: 503 })
  const client = resilient(down, {
    retry: false,
    patience: 0,
    limits: false,
    breaker: { openTime: HOUR, maxOpenTime: HOUR },
  })
  return { name: 'holdfast, open circuit', call: () => client(url), isRefusal: isRefused }
}

/** The only place is taken by a call without an answer, and the other calls have no patience. */
function byLine(): Refuser {
  const silent = () => new Promise<Response>(() => {})
  const client = resilient(silent, { concurrency: 1, patience: 0, timeout: false, totalTimeout: false })
  void client(url)
  return { name: 'holdfast, no place in the line', call: () => client(url), isRefusal: isRefused }
}
