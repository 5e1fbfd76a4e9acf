import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { median } from 'simple-statistics'
import { commandLine } from '../../scripts/command-line.ts'
import { caseOf, interleave } from '../src/interleave.ts'
import { describeMachine } from '../src/machine.ts'
import { machineText } from '../src/report.ts'
import { type Row, rowOf } from '../src/row.ts'
import type { Round } from '../src/suite.ts'
import { timeBatches } from '../src/timing.ts'
import { type Contender, contendersAt, raw } from './contenders.ts'

const WIDTH = 64
const json = JSON.stringify({ name: 'x'.repeat(100), memory: 4_096, cpus: 4 })

/** Requests that everybody does. */
const tasks: readonly (readonly [name: string, init: RequestInit, read: (reply: Response) => Promise<unknown>])[] = [
  ['GET, JSON', {}, (reply) => reply.json()],
  ['POST of JSON', { method: 'POST', body: json }, (reply) => reply.json()],
  ['GET, read as a stream', {}, drain],
]

async function drain({ body }: Response): Promise<void> {
  for await (const _ of body ?? []) void _
}

/** Rounds of one task, by turns. */
async function measure(contenders: readonly Contender[], rounds: number): Promise<readonly Round[]> {
  const cases = await Promise.all(contenders.map(({ name, call }) => caseOf(name, call)))
  for (const { run } of cases) await run(2_000, WIDTH)
  return interleave(
    cases,
    rounds,
    1,
    timeBatches(() => 768, { width: WIDTH, unit: 1_000 }),
  )
}

function rowsOf(task: string, contenders: readonly Contender[], rounds: readonly Round[]): Row[] {
  const cpu = (round: Round, of: string) => round.find(({ contender }) => contender === of)?.extras.cpu ?? Number.NaN
  const rounded = (value: number) => Math.round(value * 1_000) / 1_000
  return contenders.map(({ name, goal }) => {
    const value = rounded(median(rounds.map((round) => cpu(round, name) / cpu(round, raw))))
    return rowOf({ name: `${task}: ${name}`, value, unit: '× fetch' }, task === tasks[0]?.[0] ? goal : undefined)
  })
}

async function main(): Promise<void> {
  const { json: asJson, quick } = commandLine('Usage: pnpm -s bench:undici [--json] [--quick]', {
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  }).values
  const server = fork(new URL('../src/server.ts', import.meta.url), { execArgv: [] })
  const [{ port }] = (await once(server, 'message')) as [AddressInfo]
  const url = `http://127.0.0.1:${port}/api/vcenter/vm`
  await (await fetch(url)).text()
  const rows: Row[] = []
  for (const [task, init, read] of tasks) {
    const contenders = await contendersAt(url, init, read)
    rows.push(...rowsOf(task, contenders, await measure(contenders, quick ? 5 : 30)))
    for (const { close } of contenders) await close?.()
  }
  server.disconnect()
  if (asJson) return console.log(JSON.stringify(rows, undefined, 2))
  console.log(`${machineText(describeMachine())}\nProcessor time of a call, ${WIDTH} in flight\n`)
  for (const { name, value, unit, goal, holds } of rows)
    console.log(
      `${name.padEnd(60)} ${value.toFixed(3)} ${unit}${goal === null ? '' : `   goal ${goal}${holds ? '' : ', missed'}`}`,
    )
}

await main()
