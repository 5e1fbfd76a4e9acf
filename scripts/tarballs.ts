/**
 * Packs every public package, installs the tarballs with plain npm into an empty project outside the repository, and uses
 * them there as a reader would: every export compiled in every way, every fence of every README and of `docs` run. Build first.
 *
 *   node scripts/tarballs.ts
 */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Catalogue, Vendor } from '@holdfast/core/plugin'
import { commandLine } from './command-line.ts'
import { compileAll } from './tarballs/compile.ts'
import { exportsOf, unwrittenNames, useOf } from './tarballs/exports.ts'
import { fencesOfPages, runFence, runShellFence, writeFences } from './tarballs/fences.ts'
import { publicPackages, root } from './tarballs/packages.ts'
import { emptyFolder, installBeside, packAll } from './tarballs/project.ts'

commandLine('Usage: pnpm tarballs', { options: {} })
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const packages = publicPackages()
const entries = packages.flatMap((each) => each.entries)

const complaints: string[] = []
const say = (text: string) => console.log(`tarballs: ${text}`)

// The contents of `api.txt`.
for (const { folder } of packages) {
  if (!existsSync(join(root, folder, 'api.txt'))) continue
  const sourceOf = (specifier: string) => read(entries.find((entry) => entry.specifier === specifier)?.source ?? '')
  for (const name of unwrittenNames(read(join(folder, 'api.txt')), sourceOf))
    complaints.push(`${folder}/api.txt has a name that nobody wrote: ${name}`)
}

const folder = emptyFolder('tarballs')
const tarballs = await packAll(emptyFolder('packed'))
await installBeside(join(root, 'scripts/tarballs/tools'), folder, tarballs)
say(`${tarballs.length} packages are installed`)

// The exports.
const installed = (path: string) => join(folder, 'node_modules', path.replace(/^packages\//, '@holdfast/'))
/** The rows of the catalogue that an entry exports. */
const rowsOf = async (path: string) => {
  const { catalogue, http } = (await import(path)) as { catalogue?: Catalogue; http?: Vendor }
  return (catalogue ?? http?.catalogue)?.rows
}
const uses = await Promise.all(
  entries.map(async (entry) => {
    const values = Object.keys((await import(installed(entry.code))) as object)
    return { ...entry, ...exportsOf(readFileSync(installed(entry.types), 'utf8'), values) }
  }),
)
writeFileSync(join(folder, 'all.ts'), useOf(uses))
writeFileSync(join(folder, 'neutral.ts'), useOf(uses.filter((entry) => entry.isNeutral)))
for (const { specifier, source, code, node } of entries) {
  const written = await rowsOf(join(root, source))
  for (const built of [code, node]) {
    if (!isDeepStrictEqual(await rowsOf(installed(built)), written))
      complaints.push(`${specifier} has other rows in ${built} than its source.`)
  }
}
const fences = fencesOfPages()
const typescript = fences.filter(({ language }) => language === 'ts')
const files = writeFences(folder, typescript)
// The pages are for readers with the usual types.
complaints.push(
  ...(await compileAll(folder, { node: ['all.ts'], 'node-dom': ['all.ts', ...files], browser: ['neutral.ts'] })),
)
say(`${uses.flatMap(({ types, values }) => [...types, ...values]).length} exports are compiled`)

// The examples of the pages.
copyFileSync(join(root, 'scripts/tarballs/world.mts'), join(folder, 'world.mts'))
for (const [index, fence] of typescript.entries()) {
  const complaint = await runFence(folder, files[index] ?? '', fence)
  if (complaint !== undefined) complaints.push(complaint)
}
for (const fence of fences.filter(({ language }) => language === 'sh'))
  complaints.push(...(await runShellFence(fence, tarballs)))
say(`${fences.length} fences have run`)

for (const complaint of new Set(complaints)) console.error(`\n${complaint}`)
if (complaints.length > 0) process.exitCode = 1
else say('all is well')
