/**
 * The CPU that importing a package costs Node.js, as it is published: the least of many programs that do nothing else.
 * Build first. A loaded machine makes each of them dearer, so the other libraries are measured beside ours, in turns.
 *
 *   node scripts/import-cost.ts           prints a table
 *   node scripts/import-cost.ts --json    prints `[{ name, value, unit, goal, holds }, …]`
 */
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { publicPackages, root } from './tarballs/packages.ts'

/** What is imported, with its goal in milliseconds of CPU. */
const CASES = [
  { name: '@holdfast/core', goal: 15 },
  { name: '@holdfast/vsphere' },
  { name: '@holdfast/xenapi' },
  { name: '@holdfast/csbs', goal: 30 },
  { name: '@holdfast/vbs', goal: 30 },
  { name: '@holdfast/keystone' },
  { name: 'opossum' },
  { name: 'p-retry' },
  { name: 'cockatiel' },
  { name: 'ky' },
] as const

const ROUNDS = 25
const PROGRAM = `const before = process.cpuUsage()
await import(process.argv[1])
const { user, system } = process.cpuUsage(before)
console.log((user + system) / 1000)`

/** Lays the packages out as an installation does: their manifests name what is published. */
function install(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true })
  for (const each of publicPackages()) {
    const to = join(folder, 'node_modules', each.name)
    const manifest = JSON.parse(readFileSync(join(root, each.folder, 'package.json'), 'utf8'))
    cpSync(join(root, each.folder, 'dist'), join(to, 'dist'), { recursive: true })
    writeFileSync(join(to, 'package.json'), JSON.stringify({ ...manifest, exports: manifest.publishConfig.exports }))
  }
  for (const found of globSync('{packages,benchmarks}/{*/,}node_modules/*', { cwd: root })) {
    const [name, holder] = [basename(found), dirname(found)]
    if (name.startsWith('@') || holder === 'node_modules') continue
    try {
      symlinkSync(join(root, found), join(folder, 'node_modules', name))
    } catch {
      // Another package has it as well.
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'import-cost-'))
try {
  install(folder)
  const least = new Map<string, number>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name } of CASES) {
      const args = ['--no-warnings', '--input-type=module', '-e', PROGRAM, name]
      const cost = Number(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }))
      least.set(name, Math.min(cost, least.get(name) ?? Number.POSITIVE_INFINITY))
    }
  }
  const rows = CASES.map(({ name, ...wanted }) => {
    const value = Math.round((least.get(name) ?? 0) * 10) / 10
    const goal = 'goal' in wanted ? wanted.goal : undefined
    return { name: `import of ${name}`, value, unit: 'ms', ...(goal !== undefined && { goal, holds: value <= goal }) }
  })
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows, undefined, 2))
  else for (const { name, value, goal } of rows) console.log(`${name}: ${value} ms${goal ? `, goal ${goal}` : ''}`)
} finally {
  rmSync(folder, { recursive: true })
}
