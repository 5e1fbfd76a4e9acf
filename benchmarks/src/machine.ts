import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'

const packages = ['ky', 'p-retry', 'opossum', 'cockatiel'] as const

/** The machine and the versions that were measured. */
export interface Machine {
  readonly node: string
  readonly undici: string | undefined
  readonly cpu: string
  readonly cores: number
  /** Processes that wanted a core in the last minute, before the run. */
  readonly load: number
  readonly packages: Readonly<Record<string, string>>
}

export function describeMachine(): Machine {
  return {
    node: process.version,
    undici: process.versions.undici,
    cpu: cpus()[0]?.model.replaceAll(/\s+/g, ' ').trim() ?? 'unknown',
    cores: availableParallelism(),
    load: loadavg()[0] ?? 0,
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  }
}

/** Read from disk, because most packages do not export their `package.json`. */
function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
