import { cpSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { commandLine } from './command-line.ts'

const template = 'scripts/new-vendor/acme'
const usage = 'Usage: pnpm new-vendor NAME\nNAME is short and in lower case, as errors will carry it: acme.'

/** As a type's name begins. */
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** The problem with a name, if there is one. */
function flawOf(name: string | undefined, root: string): string | undefined {
  if (name === undefined) return 'There is no name.'
  if (!/^[a-z][a-z0-9]*$/.test(name)) {
    return `The name must be lower-case letters and digits, got ${JSON.stringify(name)}.`
  }
  const path = join('packages', name)
  return existsSync(join(root, path)) ? `There is a ${path} already.` : undefined
}

/** Replaces something that must be there, or says where it is not. */
function replaced(path: string, what: RegExp, by: string): string {
  const text = readFileSync(path, 'utf8')
  if (!what.test(text)) throw new Error(`${path} has no ${what}.`)
  return text.replace(what, by)
}

/** Lays out a vendor's package and makes it known. @throws {TypeError} for a name that cannot be meant; nothing is written. */
export function layOutVendor(name: string | undefined, root = '.'): string {
  const flaw = flawOf(name, root)
  if (flaw !== undefined || name === undefined) throw new TypeError(flaw)
  const folder = join(root, 'packages', name)
  cpSync(join(root, template), folder, { recursive: true, filter: (path) => !path.includes('node_modules') })
  for (const file of globSync('**/*.{ts,json,md}', { cwd: folder })) {
    const text = readFileSync(join(folder, file), 'utf8')
    writeFileSync(join(folder, file), text.replaceAll('acme', name).replaceAll('Acme', capital(name)))
  }
  announce(name, root)
  return folder
}

/** The workspace's own lists of vendors. */
function announce(name: string, root: string): void {
  const catalogues = join(root, 'scripts/catalogues.ts')
  writeFileSync(
    catalogues,
    replaced(
      catalogues,
      /(\n\n\/\*\* Every catalogue)/,
      `\nimport { catalogue as ${name} } from '@holdfast/${name}'$1`,
    ),
  )
  writeFileSync(
    catalogues,
    replaced(catalogues, /(readonly Catalogue\[\] = \[[^\]]*[^\],\s])(,?\s*\])/, `$1, ${name}$2`),
  )
  const manifest = join(root, 'package.json')
  writeFileSync(
    manifest,
    replaced(manifest, /("@holdfast\/testing": "workspace:\*",\n)/, `$1    "@holdfast/${name}": "workspace:*",\n`),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals, fail } = commandLine(usage, { options: {}, allowPositionals: true })
  try {
    const folder = layOutVendor(positionals[0])
    console.log(`Laid out ${folder}. Next: pnpm install, then ADDING-A-VENDOR.md from step 2.`)
  } catch (error) {
    fail((error as Error).message)
  }
}
