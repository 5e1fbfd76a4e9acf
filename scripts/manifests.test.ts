import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unbuilt } from './built.ts'
import { publicPackages, root } from './tarballs/packages.ts'

interface Manifest {
  readonly imports?: Readonly<Record<string, object>>
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
}

const [ALL, NONE] = ['./dist/texts.mjs', './dist/no-texts.mjs']
const TEXTS = {
  'holdfast-texts': ALL,
  'holdfast-slim': NONE,
  browser: NONE,
  worker: NONE,
  workerd: NONE,
  'edge-light': NONE,
  default: ALL,
}

const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
const asWritten = (name: string, range: string) =>
  range === 'catalog:' ? new RegExp(`^ {2}'?${name}'?: (.+)$`, 'm').exec(catalog)?.[1] : range

const template = { name: 'a new vendor', folder: 'scripts/new-vendor/acme' }

describe.each([...publicPackages(), template])('the manifest of $name', ({ folder }) => {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest

  it('lets a mended dependency reach its users', () => {
    for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies }))
      expect(asWritten(name, range), name).toMatch(/^\^\d+\.\d+\.\d+$|^workspace:\^$/)
  })

  it('has the user’s own MSW', () => {
    expect(Object.keys(manifest.dependencies ?? {})).not.toContain('msw')
  })

  it('gives its texts to Node.js, and leaves them out of bundles for browsers and workers', () => {
    if (manifest.imports === undefined) return
    expect(manifest.imports['#texts']).toEqual(TEXTS)
    // The first that applies counts.
    expect(Object.keys(manifest.imports['#texts'] ?? {})).toEqual(Object.keys(TEXTS))
  })

  it('names the oldest Node.js that it runs on', () => {
    expect(manifest.engines?.node).toBe('>=22')
  })

  it('cannot be packed without a build', () => {
    expect(manifest.scripts).toEqual({ prepack: 'node ../../scripts/built.ts' })
  })
})

describe('a package', () => {
  let folder: string
  const at = (path: string, seconds: number) => {
    writeFileSync(join(folder, path), '')
    utimesSync(join(folder, path), seconds, seconds)
  }
  const built = () => {
    at('dist/index.mjs', 200)
    at('dist/index.d.mts', 200)
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'built-'))
    for (const path of ['src', 'dist']) mkdirSync(join(folder, path))
    at('src/index.ts', 100)
    writeFileSync(
      join(folder, 'package.json'),
      '{"publishConfig":{"exports":{".":{"types":"./dist/index.d.mts","default":"./dist/index.mjs"}}}}',
    )
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is built where all that it exports is younger than its sources', () => {
    built()
    expect(unbuilt(folder)).toEqual([])
  })

  it('is not where a file is missing, or a source was changed', () => {
    expect(unbuilt(folder)).toEqual(['./dist/index.d.mts', './dist/index.mjs'])
    built()
    at('src/other.ts', 300)
    expect(unbuilt(folder)).toEqual(['./dist/index.d.mts', './dist/index.mjs'])
    const run = () => execFileSync(process.execPath, [join(root, 'scripts/built.ts')], { cwd: folder, stdio: 'pipe' })
    expect(run).toThrow('Run: pnpm build')
    built()
    at('src/other.ts', 100)
    expect(run).not.toThrow()
  })
})
