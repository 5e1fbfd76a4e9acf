/**
 * The public surface of every package as text that a reviewer can read: `packages/<name>/api.txt`, made from the built
 * declarations. Build first.
 *
 *   node scripts/api.ts           writes them
 *   node scripts/api.ts --check   fails where one differs from the build
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { extractDts } from 'tsnapi'
import { commandLine } from './command-line.ts'

interface Manifest {
  name: string
  publishConfig: { exports: Record<string, { default: string }> }
}

async function surfaceOf(root: string): Promise<string> {
  const { name, publishConfig } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const chunkSources = new Map(
    globSync(join(root, 'dist/**/*.d.mts')).map((path) => [
      `./${relative(join(root, 'dist'), path).replace('.d.mts', '.mjs')}`,
      readFileSync(path, 'utf8'),
    ]),
  )
  const parts = Object.entries(publishConfig.exports).map(async ([subpath, { default: target }]) => {
    const chunk = target.replace('./dist/', './')
    const code = chunkSources.get(chunk)
    if (code === undefined) throw new Error(`${name}: ${target} has no declarations. Run: pnpm build`)
    const surface = await extractDts(chunk.replace('.mjs', '.d.mts'), code, {
      chunkSources,
      omitArgumentNames: false,
      typeWidening: false,
    })
    return `// ${join(name, subpath)}\n\n${surface.replaceAll(/^\/\/ #(end)?region.*\n+/gm, '').trim()}\n`
  })
  return (await Promise.all(parts)).join('\n').replaceAll(row, onOneLine).replaceAll(/ +$/gm, '')
}

/**
 * The type of a catalogue's row, put on one line as in its source, without the words that no program reads and without
 * the members that only other rows have: the compiler adds those, in an order that differs from build to build.
 */
const row = /\{\s+(?:readonly \w+\?: never;\s+)*readonly code: ["'](?:[^{}]|\{[^{}]*\})*\}/g
const unread = /^\s+readonly (?:(?:hint|why|source): .*|\w+\?: never;)\n/gm
const onOneLine = (type: string) => `\n  ${type.replaceAll(unread, '').replaceAll(/\s+/g, ' ')}`

const {
  values: { check },
} = commandLine('Usage: pnpm api [--check]', { options: { check: { type: 'boolean', default: false } } })
for (const manifest of globSync('packages/*/package.json').sort()) {
  const root = dirname(manifest)
  const path = join(root, 'api.txt')
  const surface = await surfaceOf(root)
  if (surface === (existsSync(path) ? readFileSync(path, 'utf8') : '')) continue
  if (check) {
    console.error(`${path} is not what the build exports. If the change is meant, run: pnpm build && pnpm api`)
    process.exitCode = 1
  } else writeFileSync(path, surface)
}
