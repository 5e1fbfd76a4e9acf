/**
 * The size of bundles for a browser, minified by esbuild and packed by gzip. Build first.
 *
 *   node scripts/size.ts           prints a table
 *   node scripts/size.ts --json    prints `[{ name, value, unit, goal, holds }, …]`
 *   node scripts/size.ts --parts   prints the bytes of each folder of ours as well
 *   node scripts/size.ts --write   writes the budget, `benchmarks/sizes.json`: a change of it is part of the review
 *   node scripts/size.ts --check   fails where something has grown beyond the budget, or a goal that was reached is lost
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from './command-line.ts'
import { bundleSize, type SizeCase, type Sized } from './size/bundle-size.ts'
import { root } from './tarballs/packages.ts'

const flag = { type: 'boolean', default: false } as const
const { values } = commandLine('Usage: pnpm -s size [--json] [--parts] [--write] [--check]', {
  options: { json: flag, parts: flag, write: flag, check: flag },
})

const BUDGET = join(root, 'benchmarks/sizes.json')
/** kB by which an entry may grow before it must be examined. */
const SLACK = 0.5

const core = "export { resilient } from '@holdfast/core'\n"
const named = (name: string, of: string) => `export { ${name} } from '${of}'\n`

const GUARDS = `isAuth, isConflict, isErrorOf, isFatal, isRetryable, isVendorError, isRefused, isOptionsError, failureOf,
  acceptedOf, shouldRetry`

/** Possible imports, with their goals in kB of 1000 bytes. Those without a goal are only measured. */
const CASES: readonly SizeCase[] = [
  { name: 'resilient', goal: 16, code: core },
  { name: 'core + vSphere', goal: 22, code: core + named('vsphere', '@holdfast/vsphere') },
  { name: 'core + XenAPI', goal: 45, code: core + named('xenapi', '@holdfast/xenapi') },
  {
    name: 'guards',
    goal: 1,
    code: named(GUARDS, '@holdfast/core'),
  },
  { name: 'keystone', goal: 4, code: named('keystone', '@holdfast/keystone') },
  { name: 'vSphere alone', code: named('vsphere', '@holdfast/vsphere') },
  { name: 'XenAPI alone', code: named('xenapi', '@holdfast/xenapi') },
  { name: 'CSBS alone', code: named('csbs', '@holdfast/csbs') },
  { name: 'VBS alone', code: named('vbs', '@holdfast/vbs') },
  { name: 'XenAPI alone, with its texts', code: named('xenapi', '@holdfast/xenapi'), conditions: ['holdfast-texts'] },
  { name: 'resilient, with what it depends on', code: core, withOthers: true },
  { name: 'opossum', code: named('default', 'opossum'), withOthers: true },
  { name: 'p-retry', code: named('default', 'p-retry'), withOthers: true },
  { name: 'ky', code: named('default', 'ky'), withOthers: true },
]

const sizes = await Promise.all(CASES.map(bundleSize))
const rows = sizes.map(({ parts, ...row }) => row)

if (values.write) writeFileSync(BUDGET, `${JSON.stringify(rows, undefined, 2)}\n`)
if (values.json) console.log(JSON.stringify(rows, undefined, 2))
else for (const size of sizes) print(size)
if (values.check) {
  const budget = new Map((JSON.parse(readFileSync(BUDGET, 'utf8')) as Sized[]).map((row) => [row.name, row]))
  for (const { name, value, goal, holds } of rows) {
    const allowed = budget.get(name)
    const isLost = holds === false && allowed?.holds !== false
    if (!isLost && value <= (allowed?.value ?? 0) + SLACK) continue
    console.error(
      `${name} takes ${value} kB${isLost ? ` of ${goal}` : ''}; benchmarks/sizes.json has ${allowed?.value}.`,
    )
    process.exitCode = 1
  }
  if (process.exitCode) console.error('If that is meant, run: pnpm build && pnpm size --write')
}

function print({ name, value, goal, holds, parts }: Awaited<ReturnType<typeof bundleSize>>): void {
  console.log(`${name}: ${value} kB${goal === undefined ? '' : `, goal ${goal}${holds ? '' : ', missed'}`}`)
  if (!values.parts) return
  for (const [part, bytes] of parts) console.log(`${String(bytes).padStart(9)}  ${part}`)
}
