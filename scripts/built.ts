import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The built files of a package that are missing, or older than its sources. */
export function unbuilt(folder: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly publishConfig: { readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>> }
  }
  const changedAt = (path: string) => statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const changed = Math.max(...globSync('src/**/*.ts', { cwd: folder }).map(changedAt))
  return Object.values(manifest.publishConfig.exports)
    .flatMap((published) => Object.values(published))
    .filter((path) => changedAt(path) <= changed)
}
