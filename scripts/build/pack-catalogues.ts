import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Rolldown } from 'tsdown'
import { escaped } from './in-ascii.ts'
import { packRows } from './pack-rows.ts'
import { type Node, writtenIn } from './written-rows.ts'

/** The import by which a package's manifest gives the texts, or none. */
const TEXTS = '#texts'
/** The module of core whose one value belongs with the texts. */
const ADVICE = '/options/names/advice.ts'
/** A module that every package gets as its own. */
const UNPACK = '/src/unpack-rows.ts'

/**
 * Publishes the rows of catalogues in a compact form, and what they tell people apart from what the engine acts on, so that
 * a bundle for a browser leaves that out; advice on options with it. The sources stay as they are read and reviewed.
 *
 * @param writesTexts false where another build of the same package writes them.
 */
export function packCatalogues({ writesTexts }: { readonly writesTexts: boolean }): Rolldown.Plugin {
  const texts = new Map<string, object>()
  return {
    name: 'pack-catalogues',
    resolveId: (id) => (id === TEXTS ? { id, external: true } : id.endsWith(UNPACK) ? id : undefined),
    load: (id) =>
      id.endsWith(UNPACK) ? readFileSync(new URL('./unpack-rows.ts', import.meta.url), 'utf8') : undefined,
    transform: {
      filter: {
        id: /\/packages\/[^/]+\/src\/(?!simulator\/|unpack-rows).*\.ts$/,
        code: /\bhint: |\bexport const advice\b/,
      },
      async handler(code, id) {
        const values = (await import(pathToFileURL(id).href)) as Readonly<Record<string, unknown>>
        if (id.endsWith(ADVICE)) {
          texts.set('advice', values.advice as object)
          return `import { advice as texts } from '${TEXTS}'\nexport const advice = texts ?? {}`
        }
        const written = writtenIn(this.parse(code, { lang: 'ts' }) as unknown as Node, values)
        if (written.length === 0) return undefined
        const names = written.map(({ name }) => name)
        const again = names.find((name) => texts.has(name))
        if (again !== undefined) throw new Error(`Two arrays of rows of this package are called \`${again}\`.`)
        const packed = written.toReversed().reduce((text, { name, start, end, rows, isPart }) => {
          const { packed, texts: own } = packRows(rows)
          texts.set(name, own)
          const unpacked = `/* @__PURE__ */ unpackRows(${JSON.stringify(packed)}, ${name}Texts)`
          return `${text.slice(0, start)}${isPart ? '...' : ''}${unpacked}${text.slice(end)}`
        }, code)
        const imported = names.map((name) => `${name} as ${name}Texts`).join(', ')
        const unpack = JSON.stringify(id.replace(/\/src\/.*$/, UNPACK))
        return `import { ${imported} } from '${TEXTS}'\nimport { unpackRows } from ${unpack}\n${packed}`
      },
    },
    generateBundle() {
      if (!writesTexts || texts.size === 0) return
      const module = (written: (own: object) => string) =>
        [...texts].map(([name, own]) => `export const ${name} = ${written(own)};\n`).join('')
      this.emitFile({ type: 'asset', fileName: 'texts.mjs', source: module((own) => escaped(JSON.stringify(own))) })
      this.emitFile({ type: 'asset', fileName: 'no-texts.mjs', source: module(() => 'undefined') })
    },
  }
}
