import { commandLine } from '../../scripts/command-line.ts'
import { describeMachine } from '../src/machine.ts'
import { machineText } from '../src/report.ts'
import type { Row } from '../src/row.ts'
import { commands } from './commands.ts'
import type { Figure } from './figure.ts'
import { rowsOf } from './goals.ts'
import { measure } from './measure.ts'
import { parts } from './parts/index.ts'

const usage = `Usage: pnpm -s bench:overhead [--quick] [--json] [--part NAME]...
Parts: ${[...parts, ...commands].map(({ name }) => name).join(', ')}`

const { values: options, fail } = commandLine(usage, {
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    part: { type: 'string', multiple: true },
  },
})

function textOf({ name, value, unit, goal, holds }: Row): string {
  const asked = goal === null ? '' : `   goal ${goal.toLocaleString('en')}${holds ? '' : ', missed'}`
  return `${name.padEnd(72)} ${value.toLocaleString('en').padStart(10)} ${unit}${asked}`
}

async function main(): Promise<void> {
  const unknown = options.part?.filter((name) => ![...parts, ...commands].some((part) => part.name === name)) ?? []
  if (unknown.length > 0) fail(`No part is called ${unknown.join(', ')}.`)
  const isWanted = ({ name }: { readonly name: string }) => options.part?.includes(name) ?? true
  const figures: Figure[] = []
  // One process after the other, never two at once: they would compete for the cores.
  for (const part of parts.filter(isWanted))
    figures.push(...(await measure(part, options.quick ? part.rounds.quick : part.rounds.full)))
  const rows: Row[] = [...rowsOf(figures)]
  for (const command of commands.filter(isWanted)) rows.push(...(await command.take(options.quick)))
  if (options.json) return console.log(JSON.stringify(rows, undefined, 2))
  console.log(`${machineText(describeMachine())}\n`)
  for (const row of rows) console.log(textOf(row))
}

await main()
