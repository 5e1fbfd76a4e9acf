import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Part } from '../figure.ts'
import { layOut } from '../lay-out.ts'

const MODULES = [
  { name: 'holdfast core', specifier: '@holdfast/core' },
  { name: 'holdfast csbs', specifier: '@holdfast/csbs' },
  { name: 'holdfast vbs', specifier: '@holdfast/vbs' },
  { name: 'holdfast keystone', specifier: '@holdfast/keystone' },
  { name: 'ky', specifier: 'ky' },
  { name: 'cockatiel', specifier: 'cockatiel' },
]

/** Processor time of an import, with the module as users get it: built, with the manifest of the published package. */
export const imports: Part = {
  name: 'imports',
  flags: [],
  rounds: { full: 15, quick: 5 },
  async measure(rounds) {
    const folder = mkdtempSync(join(tmpdir(), 'imports-'))
    const all = [{ name: 'nothing', specifier: 'data:text/javascript,' }, ...MODULES]
    const best = new Map<string, number>()
    try {
      layOut(folder)
      for (let round = 0; round < rounds; round++) {
        for (const { name, specifier } of all)
          best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, cpuOf(specifier, folder)))
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
    const nothing = best.get('nothing') ?? 0
    return MODULES.map(({ name }) => ({
      name: `import: ${name}`,
      value: Math.round(((best.get(name) ?? 0) - nothing) * 10) / 10,
      unit: 'ms of CPU',
    }))
  },
}

/** Milliseconds. The whole process, because an import also makes work for other threads. */
function cpuOf(specifier: string, cwd: string): number {
  const code = `await import(${JSON.stringify(specifier)}); const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${stderr}\nIs it built? Run: pnpm build`)
  return Number(stdout)
}
