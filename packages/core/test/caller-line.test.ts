import ky from 'ky'
import { describe, expect, it, vi } from 'vitest'
import { failureOf, type ResilientOptions, resilient } from '../src/index.ts'
import { kyOptions, resilientKy } from '../src/ky.ts'

const url = 'https://api.example/machines'
const bad = async () => new Response('', { status: 400 })
const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
const cutOff = () => Promise.reject(new TypeError('fetch failed', { cause: lost }))

/** The stack of what a function throws, whose name is to stand in it. */
const stackOf = async (listMachines: () => Promise<unknown>): Promise<string> => {
  const thrown = await listMachines().catch((error: unknown) => error)
  return thrown instanceof Error ? String(thrown.stack) : `no error but ${String(thrown)}`
}

describe.runIf('captureStackTrace' in Error)('the stack of an error names the function that waits for the call', () => {
  const makeClient = (fetch: typeof bad, options: ResilientOptions = {}) => resilient(fetch, { retry: 0, ...options })

  it.each([
    ['a status', bad, {}],
    ['a lost connection', cutOff, {}],
    ['a failure after a retry', cutOff, { retry: { limit: 2, backoff: { fast: { base: 0.1, limit: 0.1 } } } }],
    ['a time-out', () => new Promise<Response>(() => {}), { timeout: 5 }],
    ['a mistake of the caller’s', bad, { classify: () => Promise.resolve() as never }],
  ] as const)('of %s', async (_, fetch, options) => {
    const client = makeClient(fetch, options)
    async function listMachines() {
      return await client(url)
    }
    expect(await stackOf(listMachines)).toMatch(/^\w*Error: [\s\S]*at (?:async )?listMachines /)
  })

  it('through functions that hand its promise on', async () => {
    const client = makeClient(bad)
    const handOn = async () => client(url)
    async function listMachines() {
      return await handOn()
    }
    expect(await stackOf(listMachines)).toMatch(/at (?:async )?listMachines /)
  })

  it('of a body that has to be read first', async () => {
    const client = makeClient(bad)
    async function listMachines() {
      return await client(new Request(url, { method: 'POST', body: 'a' }))
    }
    expect(await stackOf(listMachines)).toMatch(/at (?:async )?listMachines /)
  })

  it('of `client.fetch`, where there is no reply', async () => {
    const client = makeClient(cutOff)
    async function listMachines() {
      return await client.fetch(url)
    }
    expect(await stackOf(listMachines)).toMatch(/at (?:async )?listMachines /)
  })

  it('of ky’s calls', async () => {
    const api = resilientKy({ fetch: bad })
    const own = ky.create(kyOptions(makeClient(cutOff)))
    async function listMachines() {
      return await api.get(url).json()
    }
    async function listOwnMachines() {
      return await own.get(url)
    }
    expect(await stackOf(listMachines)).toMatch(/at (?:async )?listMachines /)
    expect(await stackOf(listOwnMachines)).toMatch(/at (?:async )?listOwnMachines /)
  })

  it('once for each caller, with an error of his own', async () => {
    const client = makeClient(bad)
    async function one() {
      return await client(url)
    }
    async function other() {
      return await client(url)
    }
    const [first, second] = await Promise.all([one, other].map((ask) => ask().catch((error: unknown) => error)))
    expect(first).not.toBe(second)
    expect(failureOf(first)?.stack).toMatch(/at (?:async )?one /)
    expect(failureOf(second)?.stack).toMatch(/at (?:async )?other /)
  })

  it('of a refusal, and of the first of many at once', async () => {
    vi.useFakeTimers()
    const client = makeClient(bad)
    await client.close()
    const handOn = async () => client(url)
    async function listMachines() {
      return await handOn()
    }
    // The last refusal of another file may have been at this very time of the mock clock.
    await stackOf(listMachines)
    vi.advanceTimersByTime(10)
    const line = /^RefusedError: Not sent: the client was closed[\s\S]*at (?:async )?listMachines /
    expect(await stackOf(listMachines)).toMatch(line)
    expect(await stackOf(listMachines)).not.toMatch(/at (?:async )?listMachines /)
    vi.advanceTimersByTime(10)
    expect(await stackOf(listMachines)).toMatch(line)
  })
})
