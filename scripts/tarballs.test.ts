import { describe, expect, it } from 'vitest'
import { tableOf, withTable } from './runtimes/table.ts'
import { exportsOf, unwrittenNames, useOf } from './tarballs/exports.ts'
import { fencesOf } from './tarballs/fences.ts'

describe('the exports of an entry', () => {
  it('are the last statement of its declarations', () => {
    const declarations = "import { a as b } from './x.mjs';\nexport { type Row, n as catalogue, Kind, make };\n"
    const exported = exportsOf(declarations, ['catalogue', 'make'])
    expect(exported).toEqual({ types: ['Row', 'Kind'], values: ['catalogue', 'make'] })
    expect(useOf([{ ...exported, specifier: '@holdfast/acme' }])).toBe(
      [
        "export type { Row as T0_Row, Kind as T0_Kind } from '@holdfast/acme'",
        "import { catalogue as v0_catalogue, make as v0_make } from '@holdfast/acme'",
        'export const uses0 = [v0_catalogue, v0_make] as const\n',
      ].join('\n'),
    )
  })

  it('cannot be absent', () => {
    expect(() => exportsOf('export declare const a: 1', ['a'])).toThrow('export no list')
  })
})

describe('a name that nobody wrote', () => {
  const source = "export { catalogue, type Row } from './catalogue.ts'\nexport function acme() {}\n"
  const of = (api: string) => unwrittenNames(`// @holdfast/acme\n\n${api}\n`, () => source)

  it('is found', () => {
    expect(of('export { n, acme as i }')).toEqual(['@holdfast/acme: n', '@holdfast/acme: i'])
    expect(of('export declare const catalogue: import("./index2.mjs").Catalogue')).toEqual([
      '@holdfast/acme: "./index2.mjs"',
    ])
    expect(of('export declare const acme: (headers: Headers$1) => void')).toEqual(['@holdfast/acme: Headers$1'])
    expect(of('export type Tow = string')).toEqual(['@holdfast/acme: Tow'])
  })

  it('is none of those that stand in the source', () => {
    expect(of('export type Row = string\nexport declare function acme<T>(value: T): T\nexport { catalogue }')).toEqual(
      [],
    )
  })
})

describe('the fences of a page', () => {
  it('are known by language and line', () => {
    expect(fencesOf('README.md', '# A\n\n```ts\nlet a\n```\n\n```sh\nnpm i b\n```\n')).toEqual([
      { place: 'README.md:4', language: 'ts', code: 'let a\n' },
      { place: 'README.md:8', language: 'sh', code: 'npm i b\n' },
    ])
  })
})

describe('the table of runtimes', () => {
  const page = 'before\n<!-- runtimes: written by `pnpm runtimes --write` -->\nold\n<!-- end of runtimes -->\nafter\n'

  it('has a row for each runtime and a column for each story', () => {
    const table = tableOf([
      ['Node.js', [{ story: 'retry' }, { story: 'abort' }]],
      ['workerd', [{ story: 'retry', failure: 'it hangs' }]],
    ])
    expect(table).toBe(
      '| runtime | retry | abort |\n| --- | --- | --- |\n| Node.js | yes | yes |\n| workerd | no | no |\n',
    )
    const written = withTable(page, table)
    expect(written).toContain('`pnpm runtimes --write` -->\n\n| runtime | retry |')
    expect(written).not.toContain('old')
    expect(withTable(written, table)).toBe(written)
  })

  it('needs a place in the page', () => {
    expect(() => withTable('nothing', '')).toThrow('no place')
  })
})
