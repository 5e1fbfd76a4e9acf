/** The exports of an entry. */
export interface Exported {
  readonly types: readonly string[]
  readonly values: readonly string[]
}

/**
 * The exports of built declarations, which stand in their last statement.
 *
 * @param values the names that the code of the entry exports.
 */
export function exportsOf(declarations: string, values: readonly string[]): Exported {
  const [, list] = /^export \{([^{}]*)\};?\s*$/m.exec(declarations) ?? []
  if (list === undefined) throw new Error('These declarations export no list of names.')
  const names = list
    .split(',')
    .map(
      (part) =>
        part
          .trim()
          .replace(/^type /, '')
          .split(' as ')
          .at(-1) ?? '',
    )
    .filter((name) => name !== '')
  return {
    types: names.filter((name) => !values.includes(name)),
    values: names.filter((name) => values.includes(name)),
  }
}

/** A module that uses every export of every entry, so that a compiler has to understand each of them. */
export function useOf(entries: readonly (Exported & { readonly specifier: string })[]): string {
  const modules = entries.map(({ specifier, types, values }, index) => {
    const named = (names: readonly string[], mark: string) => names.map((name) => `${name} as ${mark}${index}_${name}`)
    return [
      types.length > 0 ? `export type { ${named(types, 'T').join(', ')} } from '${specifier}'` : '',
      values.length > 0 ? `import { ${named(values, 'v').join(', ')} } from '${specifier}'` : '',
      // Its declaration is written by the compiler, so every type in it must have a name that others can import.
      `export const uses${index} = [${values.map((name) => `v${index}_${name}`).join(', ')}] as const`,
    ].join('\n')
  })
  return `${modules.join('\n')}\n`
}

/** Generated names in the text of an API: those of a bundler's chunks, or exports that their source does not have. */
export function unwrittenNames(api: string, sourceOf: (specifier: string) => string): readonly string[] {
  const sections = api.split(/^\/\/ (?=@)/m).slice(1)
  return sections.flatMap((section) => {
    const specifier = section.slice(0, section.indexOf('\n'))
    const source = sourceOf(specifier)
    const declared = [
      ...section.matchAll(/^export (?:declare )?(?:abstract )?(?:const|class|function|interface|type) (\w+)/gm),
    ].map(([, name = '']) => name)
    const listed = [...section.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
      list.split(',').map((part) => part.trim().split(' as ').at(-1) ?? ''),
    )
    const foreign = [...declared, ...listed].filter(
      (name) => name.length < 2 || !new RegExp(`\\b${name}\\b`).test(source),
    )
    const chunks = [...section.matchAll(/['"]\.\/[^'"]*['"]|\b\w+\$\d+\b|\bindex\d+\b/g)].map(([text]) => text)
    return [...foreign, ...chunks].map((name) => `${specifier}: ${name}`)
  })
}
