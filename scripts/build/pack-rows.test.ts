import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'
import { catalogues } from '../catalogues.ts'
import { root } from '../tarballs/packages.ts'
import { packRows } from './pack-rows.ts'
import { unpackRows } from './unpack-rows.ts'
import { type Node, writtenIn } from './written-rows.ts'

describe.each(catalogues)('the rows of $vendor', ({ rows }) => {
  const { packed, texts } = packRows(rows)

  it('are published as they are written', () => {
    expect(unpackRows(packed, texts)).toEqual(rows)
  })

  it('lose nothing but what they tell people, where that is left out', () => {
    expect(unpackRows(packed)).toEqual(rows.map(({ source, why, ...row }) => ({ ...row, hint: '' })))
  })

  it('have no text of theirs in what stays', () => {
    for (const { hint, why = hint } of rows)
      for (const text of [hint, why]) expect(JSON.stringify(packed)).not.toContain(text)
  })
})

describe('a row', () => {
  const row = { code: 'BUSY', kind: 'fatal', outcome: 'rejected', hint: 'Wait.' } as const

  it.each([
    { code: 'HTTP_404' },
    { code: 'HTTP_404', status: 410 },
    { code: 'HTTP_404', status: 404 },
    { status: 404 },
  ])('keeps its status, whatever its code tells: %j', (own) => {
    const { packed, texts } = packRows([{ ...row, ...own }])
    expect(unpackRows(packed, texts)).toEqual([{ ...row, ...own }])
  })

  it('cannot have a text of two lines', () => {
    expect(() => packRows([{ ...row, hint: 'Wait.\nThen ask again.' }])).toThrow('must not hold "\\n": Wait.')
  })

  it('cannot have a parameter whose name holds a comma', () => {
    expect(() => packRows([{ ...row, params: ['host, port'] }])).toThrow('must not hold ",": host, port')
  })

  it('cannot have an empty list of parameters', () => {
    expect(() => packRows([{ ...row, params: [] }])).toThrow('BUSY has an empty list of parameters')
  })
})

describe('the rows of a module', () => {
  const read = async (path: string) => {
    const values = (await import(pathToFileURL(join(root, path)).href)) as Readonly<Record<string, unknown>>
    const code = readFileSync(join(root, path), 'utf8')
    const program = parseAst(code, { lang: 'ts' }) as unknown as Node
    return writtenIn(program, values).map((each) => ({ ...each, text: code.slice(each.start, each.end) }))
  }

  it('are found where an array has them all', async () => {
    const [storage] = await read('packages/xenapi/src/catalogue/storage.ts')
    expect(storage?.text).toMatch(/^\[\n.*\] as const satisfies readonly ErrorRow\[\]$/s)
    expect(storage?.rows[0]?.code).toBe('SR_BACKEND_FAILURE_1')
  })

  it('are found where a catalogue has them before those of another module', async () => {
    const [own] = await read('packages/vsphere/src/catalogue.ts')
    expect(own?.text).toMatch(/^\{\n.*\}$/s)
    expect(own?.rows[0]?.code).toBe('ALREADY_EXISTS')
    expect(own?.text.match(/^ {4}code: /gm)).toHaveLength(own?.rows.length ?? 0)
  })

  it('are those of all catalogues', async () => {
    const files = globSync('packages/*/src/{,http/}{catalogue,codeless,web-services}{.ts,/*.ts}', { cwd: root })
    const written = (await Promise.all(files.map(read))).flat().flatMap(({ rows }) => rows)
    const all = catalogues.flatMap(({ rows }) => rows)
    const codes = new Set(written.map(({ code }) => code))
    expect(all.filter(({ code }) => !codes.has(code))).toEqual([])
  })
})
