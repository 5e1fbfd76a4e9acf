// Puts each trap that others fell into back into a scratch copy and shows that its test turns red.
//
// With an argument (`pnpm -s traps 05`) only the traps whose names begin so are tried.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative, resolve } from 'node:path'
import { commandLine } from './command-line.ts'
import { traps } from './traps/all.ts'
import { edited, forget, type Trap } from './traps/place.ts'

interface Row {
  readonly trap: string
  readonly test: string
  readonly red: boolean
}

const root = resolve(import.meta.dirname, '..')

/** A copy of the working tree that shares nothing with it but the installed packages of others. */
function scratchCopy(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-traps-'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of listed.toString().split('\0').filter(Boolean)) cpSync(join(root, file), join(scratch, file))
  for (const modules of globSync('{packages/*,examples,benchmarks}/node_modules', { cwd: root })) {
    cpSync(join(root, modules), join(scratch, modules), { recursive: true, verbatimSymlinks: true })
  }
  mkdirSync(join(scratch, 'node_modules'))
  for (const entry of globSync('node_modules/{.pnpm,*}', { cwd: root })) {
    // Ours are linked from within: a link to the whole would lead back to the sources that have no trap.
    if (basename(entry) !== '@holdfast') symlinkSync(join(root, entry), join(scratch, entry))
    else cpSync(join(root, entry), join(scratch, entry), { recursive: true, verbatimSymlinks: true })
  }
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
  const args = [vitest, 'run', ...files, ...only, '--testTimeout=60000', '--reporter=json', `--outputFile=${report}`]
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
function tryTrap(scratch: string, { what, test: [file, name], edits }: Trap, before: Map<string, string>): Row {
  const test = `${file} > ${name}`
  const row = { trap: what, test }
  if (before.get(test) !== 'passed')
    return complain(row, `the test is ${before.get(test) ?? 'absent'} without the trap`)
  const originals = new Map<string, string>()
  try {
    for (const edit of edits) {
      const { path, text } = edited(scratch, edit)
      const original = readFileSync(join(scratch, path), 'utf8')
      if (text === original) return complain(row, `the edit in ${edit.in} changes nothing`)
      if (!originals.has(path)) originals.set(path, original)
      rewrite(scratch, path, text)
    }
    const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
    const after = runTests(scratch, [file], pattern).get(test)
    return after === 'failed' ? { ...row, red: true } : complain(row, `the test is ${after ?? 'absent'} with the trap`)
  } catch (error) {
    return complain(row, (error as Error).message)
  } finally {
    for (const [path, text] of originals) rewrite(scratch, path, text)
  }
}

function rewrite(scratch: string, path: string, text: string): void {
  writeFileSync(join(scratch, path), text)
  forget(scratch, path)
}

function complain(row: Omit<Row, 'red'>, problem: string): Row {
  process.stderr.write(`${row.test}: ${problem}\n`)
  return { ...row, red: false }
}

const { positionals, fail } = commandLine('Usage: pnpm -s traps [BEGINNING]...', {
  options: {},
  allowPositionals: true,
})
const beginnings = positionals.length > 0 ? positionals : ['']
const chosenTraps = traps.filter(({ name }) => beginnings.some((beginning) => name.startsWith(beginning)))
if (chosenTraps.length === 0) fail(`No trap begins with ${beginnings.join(' or ')}.`)
const scratch = scratchCopy()
try {
  const before = runTests(scratch, [...new Set(chosenTraps.map(({ test: [file] }) => file))])
  const rows = chosenTraps.map((trap) => tryTrap(scratch, trap, before))
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  process.exitCode = rows.length > 0 && rows.every(({ red }) => red) ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
