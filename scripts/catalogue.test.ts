import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogues } from './catalogues.ts'

const printed: Record<string, unknown>[] = JSON.parse(
  execFileSync(process.execPath, ['scripts/catalogue.ts'], { encoding: 'utf8' }),
)

const run = (...args: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/catalogue.ts', ...args], {
    encoding: 'utf8',
  })
  return { rows: stdout === '' ? [] : JSON.parse(stdout), stderr, status }
}

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

describe('a part of the catalogue', () => {
  it('is what one vendor has, or says of a code', () => {
    expect(run('vbs').rows).toEqual(printed.filter(({ vendor }) => vendor === 'vbs'))
    expect(run('xenapi', 'SR_BACKEND_FAILURE_46').rows).toMatchObject([{ code: 'SR_BACKEND_FAILURE_46' }])
    expect(run('http', 'HTTP_503', 'HTTP_429').rows).toMatchObject([{ code: 'HTTP_503' }, { code: 'HTTP_429' }])
  })

  it('that nobody has is an error that names the nearest', () => {
    expect(run('vsphre')).toMatchObject({ status: 2, stderr: expect.stringContaining('Did you mean `vsphere`?') })
    const near = expect.stringContaining('Did you mean `VM_BAD_POWER_STATE`?')
    expect(run('xenapi', 'VM_BAD_POWER_STAT')).toEqual({ rows: [], status: 2, stderr: near })
  })
})
