import type { Result } from '../job.ts'
import { scenarios } from '../scenarios/index.ts'
import type { Row } from './rows.ts'

/** Tables for people: one for each scenario, and the goals that are missed. */
export function tableOf(results: readonly Result[], rows: readonly Row[]): string {
  const tables = [...Map.groupBy(results, ({ scenario }) => scenario)].map(([name, some]) => scenarioTable(name, some))
  const missed = rows.filter(({ holds }) => holds === false)
  const asked = rows.filter(({ holds }) => holds !== null)
  const misses = missed.map(({ name, value, unit, goal }) => `  ${name}: ${value ?? '∞'} ${unit}, goal ${goal}`)
  return [...tables, `${asked.length - missed.length} of ${asked.length} goals hold. Missed:`, ...misses].join('\n')
}

function scenarioTable(name: string, results: readonly Result[]): string {
  const title = scenarios.find((scenario) => scenario.name === name)?.title ?? ''
  const head = ['', 'success %', 'attempts', 'load', 'recovery s', 'drain s', 'p99 ms', 'p99 all', 'other']
  const lines = [head, ...results.map(cells)]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const text = lines.map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  '))
  return [`${name}: ${title}`, ...text, ''].join('\n')
}

const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)

function cells({ contender, figures }: Result): string[] {
  const { success, attempts, load, recovery, drain, p99, p99Overall } = figures
  return [
    contender,
    (success * 100).toFixed(1),
    attempts.toFixed(2),
    load === undefined ? '' : load.toFixed(2),
    seconds(recovery),
    seconds(drain),
    p99 === undefined ? '' : String(p99),
    String(p99Overall),
    otherFigures(figures),
  ]
}

function otherFigures({ duplicates, extraLogins, important, neighbour }: Result['figures']): string {
  return [
    duplicates !== undefined && `${duplicates} twice`,
    extraLogins !== undefined && `${extraLogins} logins too many`,
    important !== undefined && `important ${(important * 100).toFixed(1)} %`,
    neighbour !== undefined && `neighbour ${(neighbour * 100).toFixed(1)} %`,
  ]
    .filter((text) => text !== false)
    .join(', ')
}

const seconds = (value: number | undefined): string =>
  value === undefined ? '' : Number.isFinite(value) ? String(value) : '∞'
