import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogues } from './catalogues.ts'

const printed: Record<string, unknown>[] = JSON.parse(
  execFileSync(process.execPath, ['scripts/catalogue.ts'], { encoding: 'utf8' }),
)

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
    const exported = await Promise.all(globSync('packages/*/package.json').map(vendorsIn))
    expect(catalogues.map(({ vendor }) => vendor).sort()).toEqual([...new Set(exported.flat())].sort())
  })

  it('holds every row with all that is set in it', () => {
    const rows = catalogues.flatMap(({ vendor, rows }) => rows.map((row) => ({ vendor, ...row })))
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
