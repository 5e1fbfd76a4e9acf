import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const settings = read('pnpm-workspace.yaml')
/** The value of a setting that stands on one line. */
const setting = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(settings)?.[1]

const WEEK = 7 * 24 * 60

describe('a dependency', () => {
  it('is taken when its release is a week old, without exception', () => {
    expect(Number(setting('minimumReleaseAge'))).toBeGreaterThanOrEqual(WEEK)
    expect(setting('minimumReleaseAgeStrict')).toBe('true')
    expect(settings).not.toMatch(/minimumReleaseAge(?:Exclude|IgnoreMissingTime)|trustLockfile/)
  })

  it('runs no script of its own', () => {
    expect(setting('strictDepBuilds')).toBe('true')
    const [, builds = ''] = /^allowBuilds:\n((?: {2}.+\n)*)/m.exec(settings) ?? []
    expect(builds.trim().split('\n')).toEqual(
      builds
        .trim()
        .split('\n')
        .filter((line) => line.endsWith(': false')),
    )
    expect(settings).not.toMatch(/dangerouslyAllowAllBuilds|onlyBuiltDependencies/)
  })

  it('comes from the registry, by its hash', () => {
    expect(setting('blockExoticSubdeps')).toBe('true')
    const resolutions = [...read('pnpm-lock.yaml').matchAll(/^ {4}resolution: (.+)$/gm)].map(([, how]) => how)
    expect(resolutions.length).toBeGreaterThan(100)
    for (const how of resolutions) expect(how).toMatch(/^\{integrity: sha512-[\w+/]+=*\}$/)
  })

  it('is installed by CI as the lockfile has it', () => {
    expect(read('.ci/run')).toContain('pnpm install --frozen-lockfile')
  })
})

it('no package of ours runs a script when it is installed', () => {
  for (const path of globSync('{.,packages/*,examples,benchmarks}/package.json', { cwd: root })) {
    const { scripts = {} } = JSON.parse(read(path)) as { readonly scripts?: Readonly<Record<string, string>> }
    const atInstall = Object.keys(scripts).filter((name) =>
      /^(?:pre|post)?(?:install|prepare)$|^dependencies$/.test(name),
    )
    expect(atInstall, path).toEqual([])
  }
})
