import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

// Compiles every TypeScript example in the pages; ends with 1 and what the compiler says where one does not compile.

const root = resolve(import.meta.dirname, '..')
const pages = ['README.md', ...globSync(['docs/*.md', 'packages/*/README.md'], { cwd: root })]
// Inside the repository, so that the packages' names resolve as they do for a reader.
const folder = mkdtempSync(join(root, 'scripts/.readme-'))

try {
  const fences = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(
      ([, code], at) => [`${page.replaceAll('/', '-')}-${at}.ts`, `${code}\nexport {}\n`] as const,
    ),
  )
  if (fences.length < 5) throw new Error(`Only ${fences.length} examples were found in ${pages.length} pages.`)
  for (const [name, code] of fences) writeFileSync(join(folder, name), code)
  const config = { extends: '../../tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  process.exitCode = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { stdio: 'inherit' }).status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
