import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

const vendors = {
  BearerRow: "bearer({ url: 'https://api.example', token: 'x' })",
  CsbsRow: 'csbs()',
  OpenstackRow: 'openstack()',
  VbsRow: 'vbs()',
  VsphereRow: 'vsphere()',
  XenApiRow: 'xenapi()',
}

it('the type of a client shows the name of its vendor’s rows, and not their contents', () => {
  const folder = mkdtempSync(join(root, 'node_modules/client-types-'))
  try {
    const lines = Object.entries(vendors).flatMap(([row, call]) => {
      const name = call.slice(0, call.indexOf('('))
      return [
        `import { ${name} } from '@holdfast/${name.toLowerCase()}'`,
        `export const with${row} = resilient(fetch, { vendor: ${call} })`,
      ]
    })
    writeFileSync(join(folder, 'clients.ts'), ["import { resilient } from '@holdfast/core'", ...lines].join('\n'))
    const compilerOptions = {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: 'out',
      rootDir: root,
    }
    const config = { extends: '../../tsconfig.json', compilerOptions, include: [], files: ['clients.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/lib/tsc.js'), '-p', folder])
    const [emitted] = globSync('out/**/clients.d.ts', { cwd: folder })
    const text = readFileSync(join(folder, emitted ?? ''), 'utf8')
    const types = [...text.matchAll(/with\w+: .*ResilientFetch<(?:import\([^)]*\)\.)?(\w+)>/g)]
    expect(types.map(([, row]) => row)).toEqual(Object.keys(vendors))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
