import { parseArgs } from 'node:util'
import { contenders } from './contenders/index.ts'
import { runAll } from './pool.ts'
import { rowsOf } from './report/rows.ts'
import { tableOf } from './report/table.ts'
import { write } from './report/write.ts'
import { scenarios } from './scenarios/index.ts'

const usage = `Usage: pnpm -s bench:storm [--json] [--scenario NAME]... [--contender NAME]... [--seed N] [--clients N] [--tree DIR] [--write]
Scenarios: ${scenarios.map(({ name }) => name).join(', ')}
Contenders: ${contenders.map(({ name }) => name).join('; ')}`

function read() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        scenario: { type: 'string', multiple: true },
        contender: { type: 'string', multiple: true },
        seed: { type: 'string', default: '1' },
        clients: { type: 'string' },
        tree: { type: 'string' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function fail(message: string): never {
  console.error(`${message}\n${usage}`)
  process.exit(2)
}

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

function whole(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) fail(`--${option} takes a whole number above 0, got ${text}.`)
  return value
}

async function main(): Promise<void> {
  const options = read()
  if (options.help) return console.log(usage)
  const seed = whole('seed', options.seed)
  const clients = options.clients === undefined ? undefined : whole('clients', options.clients)
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
