import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layOutVendor } from './new-vendor.ts'

let root: string
const read = (path: string) => readFileSync(join(root, path), 'utf8')

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-vendor-'))
  mkdirSync(join(root, 'packages/taken'), { recursive: true })
  for (const path of ['package.json', 'scripts/catalogues.ts', 'scripts/new-vendor'])
    cpSync(path, join(root, path), { recursive: true })
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

describe('pnpm new-vendor', () => {
  it('lays out a package with another name, file by file', () => {
    layOutVendor('zenith', root)
    const of = (path: string) => readdirSync(join(root, path), { recursive: true }).map(String).sort()
    expect(of('packages/zenith')).toEqual(of('scripts/new-vendor/acme'))
    expect(read('packages/zenith/src/index.ts')).toContain('export function zenith(options: ZenithOptions')
    for (const file of of('packages/zenith').filter((path) => /\.\w+$/.test(path))) {
      expect(read(`packages/zenith/${file}`)).not.toMatch(/acme/i)
    }
  })

  it('makes the catalogue known, and the package a part of the workspace', () => {
    layOutVendor('zenith', root)
    expect(read('scripts/catalogues.ts')).toContain("import { catalogue as zenith } from '@holdfast/zenith'\n")
    expect(read('scripts/catalogues.ts')).toMatch(/readonly Catalogue\[\] = \[[^\]]*, zenith,?\s*\]/)
    expect(JSON.parse(read('package.json')).devDependencies['@holdfast/zenith']).toBe('workspace:*')
  })

  it.each([
    ['no name', undefined, 'There is no name.'],
    ['capitals', 'Zenith', 'must be lower-case letters and digits, got "Zenith"'],
    ['a path', '../zenith', 'must be lower-case letters'],
    ['a name that is taken', 'taken', 'There is a packages/taken already.'],
  ])('refuses %s and writes nothing', (_, name, message) => {
    expect(() => layOutVendor(name, root)).toThrow(message)
    expect(existsSync(join(root, 'packages/zenith'))).toBe(false)
  })

  it('says how it is used', () => {
    let output = ''
    try {
      execFileSync(process.execPath, ['scripts/new-vendor.ts'], { encoding: 'utf8', stdio: 'pipe' })
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string }
      output = `${status} ${stderr}`
    }
    expect(output).toMatch(/^2 There is no name\.\nUsage: pnpm new-vendor NAME/)
  })
})
