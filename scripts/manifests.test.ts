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
    expect(manifest.scripts).toEqual({ prepack: 'node ../../scripts/prepack.mjs' })
  })

  it('names no address: the release writes it, for only there is it known', () => {
    for (const name of ['repository', 'homepage', 'bugs']) expect(manifest).not.toHaveProperty(name)
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

  const prepack = (agent: string, ...flags: readonly string[]) =>
    execFileSync(process.execPath, [...flags, join(root, 'scripts/prepack.mjs')], {
      cwd: folder,
      stdio: 'pipe',
      env: { ...process.env, npm_config_user_agent: agent },
    })

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
    expect(() => prepack('pnpm/12.0.0 npm/? node/v24.0.0 linux x64')).toThrow('Run: pnpm build')
    built()
    at('src/other.ts', 100)
    expect(() => prepack('pnpm/12.0.0 npm/? node/v24.0.0 linux x64')).not.toThrow()
  })

  it.each(['npm/11.6.0 node/v24.0.0 linux x64', 'yarn/4.9.1 npm/? node/v24.0.0 linux x64', ''])(
    'is packed by pnpm alone, for others leave in what only the repository can read: %j',
    (agent) => {
      built()
      expect(() => prepack(agent)).toThrow('Run: npx -y -p node@24 -p pnpm@12 pnpm pack')
    },
  )

  it('is packed by a Node.js that can run the scripts, and an older one is told so', () => {
    built()
    const old = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process.features, 'typescript', { value: undefined })")}`
    expect(() => prepack('pnpm/12.0.0 npm/? node/v20.0.0 linux x64', '--import', old)).toThrow('needs Node.js 22.18')
  })
})
