import { fork } from 'node:child_process'
import { once } from 'node:events'
import { commandLine } from '../../scripts/command-line.ts'
import { describeMachine } from './machine.ts'
import { machineText, suiteText } from './report.ts'
import { type SuiteResult, summarise } from './statistics.ts'
import type { Round, Suite } from './suite.ts'
import { suites } from './suites/index.ts'

const usage = `Usage: pnpm -s bench [--quick] [--json] [--rounds N] [--suite NAME]...
Suites: ${suites.map(({ name }) => name).join(', ')}`
const {
  values: options,
  fail,
  whole,
} = commandLine(usage, {
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    suite: { type: 'string', multiple: true },
  },
})

function chosen(): readonly Suite[] {
  if (options.suite === undefined) return suites
  const unknown = options.suite.filter((name) => !suites.some((suite) => suite.name === name))
  if (unknown.length > 0) fail(`No suite is called ${unknown.join(', ')}.`)
  return suites.filter(({ name }) => options.suite?.includes(name))
}

function wantedRounds({ rounds }: Suite): number {
  if (options.rounds === undefined) return options.quick ? rounds.quick : rounds.full
  return whole('rounds')
}

/** One process after the other, never two at once: they would compete for the cores. */
async function run(suite: Suite): Promise<SuiteResult> {
  const processes = Math.min(options.quick ? suite.processes.quick : suite.processes.full, wantedRounds(suite))
  const share = Math.ceil(wantedRounds(suite) / processes)
  const rounds: Round[] = []
  for (let i = 0; i < processes; i++) rounds.push(...(await inProcess(suite, share)))
  return summarise(suite, rounds, processes)
}

async function inProcess({ name, flags }: Suite, rounds: number): Promise<readonly Round[]> {
  const child = fork(new URL('./suite-process.ts', import.meta.url), [name, String(rounds)], { execArgv: [...flags] })
  const ended = once(child, 'exit')
  let readings: readonly Round[] | undefined
  child.once('message', (message) => {
    readings = message as readonly Round[]
  })
  const [code] = await ended
  if (readings === undefined) throw new Error(`Suite ${name} ended with code ${code} and no readings.`)
  return readings
}

const machine = describeMachine()
const wanted = chosen()
wanted.forEach(wantedRounds)
if (!options.json) console.log(machineText(machine))
const results: SuiteResult[] = []
for (const suite of wanted) {
  const result = await run(suite)
  results.push(result)
  if (!options.json) console.log(`\n${suiteText(result)}`)
}
if (options.json) console.log(JSON.stringify({ machine, suites: results }))
