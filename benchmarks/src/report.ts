import type { Machine } from './machine.ts'
import type { Row, SuiteResult } from './statistics.ts'

/** Plain text of at most 80 columns. */
export function machineText({ node, undici, cpu, cores, load, packages }: Machine): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`)
  return [
    `Node ${node} (undici ${undici}), ${cores} cores, load before the run ${load.toFixed(2)}`,
    cpu,
    versions.join(', '),
  ].join('\n')
}

/** One suite as a table of ratios. */
export function suiteText(suite: SuiteResult): string {
  const cells = [header(suite), ...suite.rows.map((row) => line(row, suite))]
  const widths = header(suite).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
  const rounds = `${suite.rounds} rounds in ${suite.processes} process${suite.processes === 1 ? '' : 'es'}`
  return [`${suite.title}`, `(${rounds})`, ...cells.map((row) => row.map(pad).join('  ').trimEnd())].join('\n')
}

function header({ unit, exact, rows }: SuiteResult): string[] {
  return ['', unit, 'ratio', ...(exact ? [] : ['p25–p75']), 'added', ...Object.keys(rows[0]?.extras ?? {})]
}

function line({ contender, ratio, value, added, extras }: Row, { exact, baseline }: SuiteResult): string[] {
  const isBaseline = contender === baseline
  return [
    contender,
    figure(value.median),
    isBaseline ? '1' : short(ratio.median),
    ...(exact ? [] : [isBaseline ? '' : `${short(ratio.p25)}–${short(ratio.p75)}`]),
    isBaseline ? '' : figure(added.median),
    ...Object.values(extras).map(figure),
  ]
}

const short = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))

const figure = (value: number) => {
  const rounded =
    Math.abs(value) < 10
      ? Math.round(value * 100) / 100
      : Math.abs(value) < 100
        ? Math.round(value * 10) / 10
        : Math.round(value)
  return rounded.toLocaleString('en')
}
