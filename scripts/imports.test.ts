import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { publicPackages, root } from './tarballs/packages.ts'

/** The entries for which Node.js has no reason to load its HTTP client before the first request. */
const entries = publicPackages()
  .flatMap((each) => each.entries)
  .filter(({ specifier, isNeutral }) => isNeutral && !specifier.endsWith('/ky') && !specifier.endsWith('/testing'))

// In one process: where none is loaded after all of them, none was after any.
it('every entry is imported without the HTTP client of Node.js', () => {
  const imported = entries.map(({ specifier, source }) => `await see('${specifier}', './${source}')`)
  const program = `
    const loaded = () => process.moduleLoadList.filter((name) => /undici/.test(name)).join()
    console.log('before:' + loaded())
    const see = async (specifier, source) => { await import(source); console.log(specifier + ':' + loaded()) }
    ${imported.join('\n')}`
  const output = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], { cwd: root })
  expect(String(output).trim().split('\n')).toEqual(['before:', ...entries.map(({ specifier }) => `${specifier}:`)])
})
