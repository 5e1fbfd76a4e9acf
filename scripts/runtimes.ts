/**
 * Installs the packed packages outside the repository and plays one set of stories with them in every runtime that
 * docs/runtimes.md names. Build first. Needs Debian's Chromium: `scripts/chromium.sh install`.
 *
 *   node scripts/runtimes.ts [NAME …]   plays them, in all or in those whose name begins so
 *   node scripts/runtimes.ts --write    also writes the table into docs/runtimes.md
 *   node scripts/runtimes.ts --check    fails where that page has another table
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from './command-line.ts'
import { bundle } from './runtimes/bundles.ts'
import type { Played } from './runtimes/project/stories.ts'
import { runners } from './runtimes/runners.ts'
import { storyServer } from './runtimes/server.ts'
import { tableOf, withTable } from './runtimes/table.ts'
import { root } from './tarballs/packages.ts'
import { emptyFolder, installBeside, packAll } from './tarballs/project.ts'

const flag = { type: 'boolean', default: false } as const
const usage = `Usage: pnpm runtimes [NAME]... [--write] [--check]
Names: ${Object.keys(runners).join(', ')}`
const { values, positionals: wanted } = commandLine(usage, {
  options: { write: flag, check: flag },
  allowPositionals: true,
})
const folder = emptyFolder('runtimes')
await installBeside(join(root, 'scripts/runtimes/tools'), folder, await packAll(emptyFolder('packed')))
cpSync(join(root, 'scripts/runtimes/project'), folder, { recursive: true })
const bundles = await bundle(folder)

const results: [string, readonly Played[]][] = []
for (const [name, run] of Object.entries(runners)) {
  if (wanted.length > 0 && !wanted.some((beginning) => name.startsWith(beginning))) continue
  const server = await storyServer(bundles)
  const played = await run(folder, server.url)
    .catch((error: Error) => [{ story: 'all', failure: error.message }])
    .finally(() => server.close())
  results.push([name, played])
  const failures = played.filter(({ failure }) => failure !== undefined)
  console.log(`${name}: ${played.length - failures.length} of ${played.length} stories`)
  for (const { story, failure } of failures) console.error(`  ${story}: ${failure}`)
  if (failures.length > 0 || played.length === 0) process.exitCode = 1
}

const page = join(root, 'docs/runtimes.md')
const text = readFileSync(page, 'utf8')
const expected = withTable(text, tableOf(results))
if (values.write) writeFileSync(page, expected)
else if (values.check && text !== expected) {
  console.error('docs/runtimes.md has another table of runtimes. If this one is meant, run: pnpm runtimes --write')
  process.exitCode = 1
}
