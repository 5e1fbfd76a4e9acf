import type { ErrorRow } from '@holdfast/core/plugin'

/** The parts of a syntax tree that are looked at, as every parser of JavaScript names them. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly body?: readonly Node[]
  readonly declaration?: Node | null
  readonly declarations?: readonly { readonly id: { readonly name?: string }; readonly init: Node | null }[]
  readonly expression?: Node
  readonly callee?: { readonly name?: string }
  readonly arguments?: readonly Node[]
  readonly elements?: readonly (Node | null)[]
}

/** Rows that a module writes out, and the place in its code. */
export interface WrittenRows {
  /** The constant that contains them. */
  readonly name: string
  readonly start: number
  readonly end: number
  readonly rows: readonly ErrorRow[]
  /** True if they are the first elements of an array, and false if they are the whole constant. */
  readonly isPart: boolean
}

const isRow = (value: unknown): value is ErrorRow =>
  ['code', 'kind', 'outcome', 'hint'].every((name) => typeof (value as Record<string, unknown>)?.[name] === 'string')

/** An expression without what TypeScript puts around it. */
const bare = (node: Node | null | undefined): Node | undefined =>
  node?.type.startsWith('TS') ? bare(node.expression) : (node ?? undefined)

/** The exported constants of a module that are arrays of rows, or catalogues that begin with rows of their own. */
export function writtenIn(program: Node, values: Readonly<Record<string, unknown>>): readonly WrittenRows[] {
  const declared = (program.body ?? []).flatMap(({ declaration }) => declaration?.declarations ?? [])
  return declared.flatMap(({ id: { name = '' }, init }): readonly WrittenRows[] => {
    const expression = bare(init)
    const value = values[name]
    if (init === null || expression === undefined || value === undefined) return []
    if (expression.type === 'ArrayExpression' && Array.isArray(value) && value.length > 0 && value.every(isRow))
      return [{ name, start: init.start, end: init.end, rows: value, isPart: false }]
    if (expression.callee?.name !== 'defineCatalogue') return []
    const elements = (bare(expression.arguments?.[1])?.elements ?? []).filter((element) => element !== null)
    const others = elements.findIndex(({ type }) => type !== 'ObjectExpression')
    const own = others === -1 ? elements : elements.slice(0, others)
    const [first, last] = [own.at(0), own.at(-1)]
    if (first === undefined || last === undefined) return []
    const { rows } = value as { readonly rows: readonly ErrorRow[] }
    return [{ name, start: first.start, end: last.end, rows: rows.slice(0, own.length), isPart: true }]
  })
}
