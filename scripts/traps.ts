// Puts each trap that others fell into back into a scratch copy and shows that its test turns red.
//
// A trap is a patch in scripts/traps, headed by two lines: `trap: what goes wrong` and `test: file > full name`. With an
// argument (`pnpm -s traps 05`) only the traps whose names begin so are tried.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'

interface Trap {
  readonly patch: string
  readonly trap: string
  readonly file: string
  readonly name: string
}

interface Row {
  readonly trap: string
  readonly test: string
  readonly red: boolean
}

const root = resolve(import.meta.dirname, '..')

function readTrap(path: string): Trap {
  const [, trap, file, name] =
    /^trap: (.+)\ntest: (\S+) > (.+)\n/.exec(readFileSync(path, 'utf8')) ?? fail(`${path} lacks its two head lines.`)
  return { patch: resolve(path), trap: trap ?? '', file: file ?? '', name: name ?? '' }
}

function fail(problem: string): never {
  throw new Error(problem)
}

/** A copy of the working tree that shares nothing with it but the installed packages of others. */
function scratchCopy(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-traps-'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of listed.toString().split('\0').filter(Boolean)) cpSync(join(root, file), join(scratch, file))
  for (const modules of globSync('{packages/*,examples,benchmarks}/node_modules', { cwd: root })) {
    cpSync(join(root, modules), join(scratch, modules), { recursive: true, verbatimSymlinks: true })
  }
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'))
  return scratch
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

/** Runs test files, or the tests of a pattern in them, and says how each test that ran has ended. */
function runTests(scratch: string, files: readonly string[], pattern?: string): Map<string, string> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const report = join(scratch, 'traps-report.json')
  rmSync(report, { force: true })
  const only = pattern === undefined ? [] : ['-t', pattern]
  const args = [vitest, 'run', ...files, ...only, '--reporter=json', `--outputFile=${report}`]
  spawnSync(process.execPath, args, { cwd: scratch, stdio: 'ignore', timeout: 120_000 })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  return new Map(
    testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'passed' || status === 'failed')
        .map(({ ancestorTitles, title, status }) => [
          [relative(realpathSync(scratch), name), ...ancestorTitles, title].join(' > '),
          status,
        ]),
    ),
  )
}

/** A trap that cannot be tried is not red, and says why. */
function tryTrap(scratch: string, { trap, file, name, patch }: Trap, before: Map<string, string>): Row {
  const test = `${file} > ${name}`
  const row = { trap, test }
  if (before.get(test) !== 'passed')
    return complain(row, `the test is ${before.get(test) ?? 'absent'} without the trap`)
  const applied = spawnSync('git', ['apply', patch], { cwd: scratch, encoding: 'utf8' })
  if (applied.status !== 0) return complain(row, applied.stderr)
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
  const after = runTests(scratch, [file], pattern).get(test)
  execFileSync('git', ['apply', '--reverse', patch], { cwd: scratch })
  return after === 'failed' ? { ...row, red: true } : complain(row, `the test is ${after ?? 'absent'} with the trap`)
}

function complain(row: Omit<Row, 'red'>, problem: string): Row {
  process.stderr.write(`${row.test}: ${problem}\n`)
  return { ...row, red: false }
}

const chosen = process.argv[2] ?? ''
const traps = globSync(`scripts/traps/${chosen}*.patch`, { cwd: root })
  .sort()
  .map((path) => readTrap(join(root, path)))
const scratch = scratchCopy()
try {
  const before = runTests(scratch, [...new Set(traps.map(({ file }) => file))])
  const rows = traps.map((trap) => tryTrap(scratch, trap, before))
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  process.exitCode = rows.length > 0 && rows.every(({ red }) => red) ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
