import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** Lays out the built packages as an installation does, with the manifests of the published packages. */
export function layOut(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@holdfast'), { recursive: true })
  for (const path of globSync('packages/*/package.json', { cwd: root })) {
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8'))
    const to = join(folder, 'node_modules', manifest.name)
    cpSync(join(root, dirname(path), 'dist'), join(to, 'dist'), { recursive: true })
    writeFileSync(join(to, 'package.json'), JSON.stringify({ ...manifest, exports: manifest.publishConfig.exports }))
  }
  const linked = new Set<string>()
  for (const found of globSync('{packages/*,benchmarks}/node_modules/*', { cwd: root })) {
    const name = basename(found)
    if (name.startsWith('@') || linked.has(name)) continue
    symlinkSync(join(root, found), join(folder, 'node_modules', name))
    linked.add(name)
  }
}
