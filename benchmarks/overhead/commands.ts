import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Row, rowOf } from '../src/row.ts'
import type { SuiteResult } from '../src/statistics.ts'

/** A separate command whose figures are compared with these goals, too. */
interface Command {
  readonly name: string
  readonly take: (quick: boolean) => Promise<readonly Row[]>
}

/** The goals for a streamed answer, as multiples of the raw read. */
const STREAMED = 1.05

const root = new URL('../../', import.meta.url)

async function printed<T>(args: readonly string[], quick = false): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args, '--json', ...(quick ? ['--quick'] : [])], {
    cwd: root,
  })
  return JSON.parse(stdout) as T
}

type PrintedRow = Omit<Row, 'goal'> & { readonly goal?: number | null }

const rowsOf = (what: string, rows: readonly PrintedRow[]) =>
  rows.map(({ name, value, unit, goal }) => rowOf({ name: `${what}: ${name}`, value, unit }, goal ?? undefined))

const streamedRows = (suites: readonly SuiteResult[]) =>
  suites.flatMap(({ title, rows }) =>
    rows.map(({ contender, ratio }) => {
      const value = Math.round(ratio.median * 1_000) / 1_000
      const goal = contender.startsWith('holdfast') ? STREAMED : undefined
      return rowOf({ name: `${title}: ${contender}`, value, unit: '× raw fetch' }, goal)
    }),
  )

export const commands: readonly Command[] = [
  { name: 'bundles', take: async () => rowsOf('bundle', await printed(['scripts/size.ts'])) },
  {
    name: 'streams',
    take: async (quick) =>
      streamedRows(
        (await printed<{ suites: SuiteResult[] }>(['benchmarks/src/run.ts', '--suite', 'stream'], quick)).suites,
      ),
  },
  {
    name: 'answers',
    take: async (quick) =>
      rowsOf('long answer', await printed(['--max-old-space-size=8000', 'benchmarks/xenapi/run.ts'], quick)),
  },
  { name: 'transport', take: async (quick) => rowsOf('transport', await printed(['benchmarks/undici/run.ts'], quick)) },
]
