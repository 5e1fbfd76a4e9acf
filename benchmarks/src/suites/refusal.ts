import { isRefused, resilient } from '@holdfast/core'
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel'
import CircuitBreaker from 'opossum'
import { type Contender, okOnly, opossumOptions } from '../contenders.ts'
import { dead } from '../flaky.ts'
import { caseOf, interleave } from '../interleave.ts'
import type { Suite } from '../suite.ts'
import { calibrate, timeBatches } from '../timing.ts'

const url = 'https://service.example/api/vcenter/vm'
const bare = 'async function that throws'
const hour = 3_600_000

interface Refuser extends Contender {
  /** Tells its refusal from any other failure. */
  isRefusal(error: unknown): boolean
}

/** What a call costs that is not made because the circuit is open: thousands a second of them, just when it hurts. */
export const refusal: Suite = {
  name: 'refusal',
  title: 'Refused by an open circuit; no network',
  unit: 'ns/call',
  baseline: bare,
  exact: false,
  rounds: { full: 60, quick: 15 },
  processes: { full: 2, quick: 1 },
  flags: [],
  async run(rounds) {
    const refusers = [thrower(bare), thrower(`${bare} (control)`), cockatiel(), opossum(), holdfast()]
    for (const refuser of refusers) await open(refuser)
    const cases = await Promise.all(refusers.map(({ name, get }) => caseOf(name, refused(get))))
    const calls = await calibrate(cases, 4)
    const kept = await interleave(cases, rounds, 10, timeBatches(calls, { width: 1, unit: 1 }))
    for (const refuser of refusers) {
      await assertOpen(refuser)
      await refuser.close?.()
    }
    return kept
  },
}

function refused(get: () => Promise<unknown>): () => Promise<unknown> {
  return () => get().then(unexpected, () => undefined)
}

function unexpected(): never {
  throw new Error('A call was let through where the circuit should be open.')
}

/** Fails calls until the circuit is open. */
async function open({ name, get, isRefusal }: Refuser): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const error = await get().then(unexpected, (reason: unknown) => reason)
    if (isRefusal(error)) return
  }
  throw new Error(`The circuit of ${name} does not open.`)
}

/** It must not have half-opened on the way. */
async function assertOpen({ name, get, isRefusal }: Refuser): Promise<void> {
  const error = await get().then(unexpected, (reason: unknown) => reason)
  if (!isRefusal(error)) throw new Error(`The circuit of ${name} was not open all the time.`)
}

/** The least that a refusal with a real error can cost. */
function thrower(name: string): Refuser {
  const get = async () => {
    throw new Error('The circuit is open.')
  }
  return { name, get, isRefusal: () => true }
}

function cockatiel(): Refuser {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: hour, breaker: new ConsecutiveBreaker(5) })
  const attempt = okOnly(dead, url)
  const get = () => policy.execute(attempt)
  return { name: 'cockatiel breaker', get, isRefusal: (error) => error instanceof BrokenCircuitError }
}

function opossum(): Refuser {
  const breaker = new CircuitBreaker(okOnly(dead, url), { ...opossumOptions, resetTimeout: hour })
  return {
    name: 'opossum breaker',
    get: () => breaker.fire(),
    isRefusal: (error) => error instanceof Error && CircuitBreaker.isOurError(error),
    close: () => breaker.shutdown(),
  }
}

function holdfast(): Refuser {
  const client = resilient(dead, { retry: false, breaker: { openTime: hour, maxOpenTime: hour } })
  return { name: 'holdfast', get: () => client(url), isRefusal: isRefused, close: () => client.close() }
}
