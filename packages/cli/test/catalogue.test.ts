import { globSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Catalogue } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { loadAll, vendorNames } from '../src/vendors.ts'
import { ran } from './terminal.ts'

const packages = resolve(import.meta.dirname, '../..')
const catalogues: readonly Catalogue[] = (await loadAll(vendorNames)).map(({ catalogue }) => catalogue)
const printed: Record<string, unknown>[] = JSON.parse((await ran(['catalogue'])).stdout)

const rowsOf = async (...args: string[]) => JSON.parse((await ran(['catalogue', ...args])).stdout)

/** Vendors whose catalogue a package exports, itself or in a vendor. */
async function vendorsIn(manifest: string): Promise<string[]> {
  const entry = JSON.parse(readFileSync(manifest, 'utf8')).exports['.']
  const exported: unknown[] = Object.values(await import(resolve(dirname(manifest), entry)))
  return exported
    .filter((value) => value instanceof Object)
    .map((value) => ('catalogue' in value ? (value.catalogue as object) : value))
    .flatMap((value) => ('rows' in value && 'vendor' in value ? [String(value.vendor)] : []))
}

describe('the printed catalogue', () => {
  it('holds every catalogue that a package exports', async () => {
    const exported = await Promise.all(globSync(`${packages}/*/package.json`).map(vendorsIn))
    expect(vendorNames.toSorted()).toEqual([...new Set(exported.flat())].sort())
    expect(catalogues.map(({ vendor }) => vendor)).toEqual(vendorNames)
  })

  it('holds every row with all that is set in it', () => {
    const rows = catalogues.flatMap(({ vendor, rows: all }) => all.map((row) => ({ vendor, ...row })))
    expect(printed).toEqual(rows)
  })

  it('names vendor, code, kind, outcome and hint in every row', () => {
    for (const row of printed) {
      expect(row).toMatchObject({
        vendor: expect.stringMatching(/^[a-z]/),
        code: expect.stringMatching(/./),
        kind: expect.stringMatching(/^(retryable|auth|conflict|fatal)$/),
        outcome: expect.stringMatching(/^(rejected|unknown)$/),
        hint: expect.stringMatching(/./),
      })
    }
  })
})

describe('a part of the catalogue', () => {
  it('is what one vendor has, or says of a code', async () => {
    expect(await rowsOf('vbs')).toEqual(printed.filter(({ vendor }) => vendor === 'vbs'))
    expect(await rowsOf('xenapi', 'SR_BACKEND_FAILURE_46')).toMatchObject([{ code: 'SR_BACKEND_FAILURE_46' }])
    expect(await rowsOf('http', 'HTTP_503', 'HTTP_429')).toMatchObject([{ code: 'HTTP_503' }, { code: 'HTTP_429' }])
  })

  it('is what is of one kind', async () => {
    const auth = printed.filter(({ vendor, kind }) => vendor === 'csbs' && kind === 'auth')
    expect(await rowsOf('csbs', '--kind', 'auth')).toEqual(auth)
    expect(await ran(['catalogue', '--kind', 'fatl'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Did you mean `fatal`?'),
    })
  })

  it('that nobody has is not found, and the nearest is named', async () => {
    const near = (name: string) => ({
      stdout: '',
      status: 1,
      stderr: expect.stringContaining(`Did you mean \`${name}\`?`),
    })
    expect(await ran(['catalogue', 'vsphre'])).toEqual(near('vsphere'))
    expect(await ran(['catalogue', 'xenapi', 'VM_BAD_POWER_STAT'])).toEqual(near('VM_BAD_POWER_STATE'))
  })
})
