import { commandLine } from '../../scripts/command-line.ts'
import { contenders } from './contenders/index.ts'
import { runAll } from './pool.ts'
import { rowsOf } from './report/rows.ts'
import { tableOf } from './report/table.ts'
import { write } from './report/write.ts'
import { scenarios } from './scenarios/index.ts'

const usage = `Usage: pnpm -s bench:storm [--json] [--scenario NAME]... [--contender NAME]... [--seed N] [--clients N] [--tree DIR] [--write]
Scenarios: ${scenarios.map(({ name }) => name).join(', ')}
Contenders: ${contenders.map(({ name }) => name).join('; ')}`

const {
  values: options,
  fail,
  whole,
} = commandLine(usage, {
  options: {
    json: { type: 'boolean', default: false },
    scenario: { type: 'string', multiple: true },
    contender: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string' },
    tree: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

function chosen(
  option: string,
  known: readonly { readonly name: string }[],
  asked: readonly string[] | undefined,
): string[] {
  const names = known.map(({ name }) => name)
  const unknown = (asked ?? []).find((name) => !names.includes(name))
  if (unknown !== undefined) fail(`--${option}: nothing is called ${unknown}.`)
  return names.filter((name) => asked?.includes(name) ?? true)
}

async function main(): Promise<void> {
  const seed = whole('seed')
  const clients = options.clients === undefined ? undefined : whole('clients')
  const names = chosen('contender', contenders, options.contender)
  const playing = contenders.filter(({ name }) => names.includes(name))
  const jobs = chosen('scenario', scenarios, options.scenario).flatMap((scenario) =>
    playing
      .filter(({ leavesOut = [] }) => !leavesOut.includes(scenario))
      .map(({ name }) => ({ scenario, contender: name, seed, clients, tree: options.tree })),
  )
  const results = await runAll(jobs, (left) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${left} runs left `)
  })
  const rows = rowsOf(results)
  const table = tableOf(results, rows)
  if (options.write) await write(table, results, `pnpm -s bench:storm --seed ${seed}`)
  console.log(options.json ? JSON.stringify({ seed, rows }) : table)
}

await main()
