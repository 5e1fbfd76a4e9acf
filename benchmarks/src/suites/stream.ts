import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { resilient } from '@holdfast/core'
import { sessionPlaceholder, xenapi } from '@holdfast/xenapi'
import { raw } from '../contenders.ts'
import { type Case, interleave, type Measure } from '../interleave.ts'
import type { Round, Suite } from '../suite.ts'
import { timeBatches } from '../timing.ts'

const json = JSON.stringify({ jsonrpc: '2.0', method: 'VM.get_all_records', params: [sessionPlaceholder], id: 1 })
const xml = `<?xml version="1.0"?><methodCall><methodName>VM.get_all_records</methodName><params><param><value>${sessionPlaceholder}</value></param></params></methodCall>`

/** Records the most bytes that are held at a time: those that a garbage collection leaves. */
class Peak {
  bytes = 0
  #chunks = 0
  readonly #before = held()

  /** Collects only now and then, because that takes longer than reading a chunk. */
  passed(): void {
    if (this.#chunks++ % 64 === 0) this.look()
  }

  look(): void {
    this.bytes = Math.max(this.bytes, held() - this.#before)
  }
}

const held = (): number => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Reads a long answer to its end and discards it, chunk by chunk. */
async function drain(reply: Response, peak?: Peak): Promise<void> {
  for await (const _ of reply.body ?? []) peak?.passed()
}

/** Keeps the whole answer, as a client without streaming must to look into a body. */
async function gather(reply: Response, peak?: Peak): Promise<void> {
  const text = await reply.text()
  peak?.look()
  if (text.length < 64 * 1024 * 1024) throw new Error('The answer was cut short.')
}

/** Set while memory is measured. */
let peak: Peak | undefined

async function casesAt(origin: string): Promise<{ readonly cases: readonly Case[]; close(): Promise<void> }> {
  const client = resilient(fetch, { vendor: xenapi({ url: origin, username: 'reader', password: 'secret' }) })
  const ask = (body: string) => ({ method: 'POST', body })
  const calls = {
    [raw]: async () => drain(await fetch(`${origin}/jsonrpc`, ask(json)), peak),
    'raw fetch again (control)': async () => drain(await fetch(`${origin}/jsonrpc`, ask(json)), peak),
    'raw fetch, all of it at once': async () => gather(await fetch(`${origin}/jsonrpc`, ask(json)), peak),
    'holdfast, XenAPI over JSON': async () => drain(await client(`${origin}/jsonrpc`, ask(json)), peak),
    'holdfast, XenAPI over XML': async () => drain(await client(`${origin}/`, ask(xml)), peak),
  }
  const cases = Object.entries(calls).map(([name, call]) => ({
    name,
    async run(count: number) {
      for (let at = 0; at < count; at++) await call()
    },
  }))
  return { cases, close: () => client.close() }
}

function long(name: string, title: string, unit: string, flags: readonly string[], measure: Measure): Suite {
  return {
    name,
    title,
    unit,
    baseline: raw,
    exact: false,
    rounds: { full: 9, quick: 2 },
    processes: { full: 1, quick: 1 },
    flags,
    async run(rounds): Promise<readonly Round[]> {
      const server = fork(new URL('../long-server.ts', import.meta.url), { execArgv: [] })
      const [{ port }] = (await once(server, 'message')) as [AddressInfo]
      const { cases, close } = await casesAt(`http://127.0.0.1:${port}`)
      const readings = await interleave(cases, rounds, 1, measure)
      await close()
      server.disconnect()
      return readings
    },
  }
}

const heaviest: Measure = async ({ run }) => {
  const own = new Peak()
  peak = own
  await run(1)
  peak = undefined
  return { value: own.bytes / 1024 / 1024, extras: {} }
}

/** The speed of a success that is recognized by its beginning. */
export const stream = long(
  'stream',
  'A success of 64 MiB, streamed',
  'ms/call',
  [],
  timeBatches(() => 1, { width: 1, unit: 1_000_000 }),
)
/** The most bytes of it that are in memory at a time. */
export const streamMemory = long(
  'stream-memory',
  'Most in memory at a time, success of 64 MiB',
  'MiB',
  ['--expose-gc'],
  heaviest,
)
