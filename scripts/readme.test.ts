import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const pages = ['README.md', ...globSync('packages/*/README.md', { cwd: root })]
// Inside the repository, so that the packages' names resolve as they do for a reader.
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(root, 'scripts/.readme-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every TypeScript example in the pages compiles', () => {
  let fences = 0
  for (const page of pages) {
    for (const [, code] of readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)) {
      writeFileSync(join(folder, `${page.replaceAll('/', '-')}-${fences++}.ts`), `${code}\nexport {}\n`)
    }
  }
  expect(fences).toBeGreaterThan(4)
  const config = { extends: '../../tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compile = () =>
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8', stdio: 'pipe' })
  expect(attempt(compile)).toBe('')
})

/** What the compiler complains of; it writes that to its output, not into its error. */
function attempt(run: () => string): string {
  try {
    return run()
  } catch (error) {
    return (error as { stdout?: string }).stdout || String(error)
  }
}
