import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { publicPackages, root } from './tarballs/packages.ts'

/** The entries for which Node.js has no reason to load its HTTP client before the first request. */
const entries = publicPackages()
  .flatMap((each) => each.entries)
  .filter(({ specifier, isNeutral }) => isNeutral && !specifier.endsWith('/ky') && !specifier.endsWith('/testing'))

it.each(entries)('$specifier is imported without the HTTP client of Node.js', ({ source }) => {
  const program = `await import('./${source}'); console.log(process.moduleLoadList.filter((name) => /undici/.test(name)).join())`
  const loaded = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], { cwd: root })
  expect(String(loaded).trim()).toBe('')
})
