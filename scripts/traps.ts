// Puts each trap that others fell into back into a scratch copy and shows that its test turns red.
//
// A trap is a patch in scripts/traps, headed by two lines: `trap: what goes wrong` and `test: file > full name`.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

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

/** Runs one test by its full name and says how it ended. */
function runTest(scratch: string, { file, name }: Trap): 'passed' | 'failed' | 'absent' {
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const report = join(scratch, 'traps-report.json')
  rmSync(report, { force: true })
  const args = [vitest, 'run', file, '-t', pattern, '--reporter=json', `--outputFile=${report}`]
  spawnSync(process.execPath, args, { cwd: scratch, stdio: 'ignore', timeout: 120_000 })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { assertionResults: { status: string }[] }[]
  }
  const ran = testResults
    .flatMap((result) => result.assertionResults)
    .filter(({ status }) => status !== 'skipped' && status !== 'pending')
  if (ran.length === 0) return 'absent'
  return ran.every(({ status }) => status === 'passed') ? 'passed' : 'failed'
}

/** A trap that cannot be tried is not red, and says why. */
function tryTrap(scratch: string, trap: Trap): Row {
  const row = { trap: trap.trap, test: `${trap.file} > ${trap.name}` }
  const before = runTest(scratch, trap)
  if (before !== 'passed') return complain(row, `the test is ${before} without the trap`)
  const applied = spawnSync('git', ['apply', trap.patch], { cwd: scratch, encoding: 'utf8' })
  if (applied.status !== 0) return complain(row, applied.stderr)
  const after = runTest(scratch, trap)
  execFileSync('git', ['apply', '--reverse', trap.patch], { cwd: scratch })
  return after === 'failed' ? { ...row, red: true } : complain(row, `the test is ${after} with the trap`)
}

function complain(row: Omit<Row, 'red'>, problem: string): Row {
  process.stderr.write(`${row.test}: ${problem}\n`)
  return { ...row, red: false }
}

const scratch = scratchCopy()
try {
  const traps = globSync('scripts/traps/*.patch', { cwd: root })
    .sort()
    .map((path) => readTrap(join(root, path)))
  const rows = traps.map((trap) => tryTrap(scratch, trap))
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  process.exitCode = rows.length > 0 && rows.every(({ red }) => red) ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
