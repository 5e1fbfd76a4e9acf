import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { competitors, raw } from '../contenders.ts'
import { holdfasts } from '../holdfast.ts'
import { caseOf, interleave } from '../interleave.ts'
import type { Suite } from '../suite.ts'
import { timeBatches } from '../timing.ts'

function loopback(name: string, width: number, calls: number, rounds: Suite['rounds']): Suite {
  return {
    name,
    title: `Over loopback, 194 bytes of JSON, ${width === 1 ? 'one at a time' : `${width} in flight`}`,
    unit: 'µs/call',
    baseline: raw,
    exact: false,
    rounds,
    processes: { full: 2, quick: 1 },
    flags: [],
    async run(count) {
      const server = fork(new URL('../server.ts', import.meta.url), { execArgv: [] })
      const [{ port }] = (await once(server, 'message')) as [AddressInfo]
      const url = `http://127.0.0.1:${port}/api/vcenter/vm`
      const contenders = [...competitors(fetch, url), ...(await holdfasts(fetch, url))]
      // The body is read, or the connection could not be used again.
      const cases = await Promise.all(contenders.map(({ name, get }) => caseOf(name, async () => (await get()).json())))
      // V8 compiles what runs often. Everybody runs through the built-in fetch, so that is warm at once; a wrapper is not,
      // and until it has made a thousand calls or two, its first compiler's code is what would be measured.
      for (const { run } of cases) await run(1_500, 64)
      const measure = timeBatches(() => calls, { width, unit: 1_000 })
      const rounds = await interleave(cases, count, 1, measure)
      for (const { close } of contenders) await close?.()
      server.disconnect()
      return rounds
    },
  }
}

/** With the network in it. */
export const sequential = loopback('loopback', 1, 120, { full: 24, quick: 3 })
export const concurrent = loopback('loopback-64', 64, 768, { full: 20, quick: 3 })
