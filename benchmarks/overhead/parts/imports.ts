import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Part } from '../figure.ts'

const built = (name: string): string => new URL(`../../../packages/${name}/dist/index.mjs`, import.meta.url).href

const MODULES = [
  { name: 'holdfast core', specifier: built('core') },
  { name: 'holdfast csbs', specifier: built('csbs') },
  { name: 'holdfast vbs', specifier: built('vbs') },
  { name: 'ky', specifier: 'ky' },
  { name: 'cockatiel', specifier: 'cockatiel' },
]

/** Processor time of an import, as users get the module: built. */
export const imports: Part = {
  name: 'imports',
  flags: [],
  rounds: { full: 15, quick: 5 },
  async measure(rounds) {
    const absent = MODULES.filter(({ specifier }) => specifier.startsWith('file:') && !existsSync(new URL(specifier)))
    if (absent.length > 0) throw new Error(`Build first: ${absent.map(({ name }) => name).join(', ')} cannot be had.`)
    const all = [{ name: 'nothing', specifier: 'data:text/javascript,' }, ...MODULES]
    const best = new Map<string, number>()
    for (let round = 0; round < rounds; round++) {
      for (const { name, specifier } of all)
        best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, cpuOf(specifier)))
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
function cpuOf(specifier: string): number {
  const code = `await import(${JSON.stringify(specifier)}); const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)`
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}
