import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Lang, parse, type SgNode } from '@ast-grep/napi'

/** One mistake that others made, put back into the code. */
export interface Trap {
  /** Number of the group and a name, such as `01-abort-during-wait`. */
  readonly name: string
  /** The mistake, in one sentence. */
  readonly what: string
  /** The file of the test that must turn red, and its full name. */
  readonly test: readonly [file: string, name: string]
  readonly edits: readonly Edit[]
}

/** One change of the source. It finds its place by name and syntax, so that neither a move nor a new line breaks it. */
export interface Edit {
  /**
   * The function, method (`Class.method`) or declaration in which the place is, in whichever source file; or the path of a
   * file, such as one of tests.
   */
  readonly in: string
  /** The place, as a pattern of ast-grep (`$A` is any node, `$$$` any number of them), or with a context to parse it in. */
  readonly find: string | { readonly context: string; readonly selector: string }
  /** The text in its place; `$A` is what the pattern has found. Nothing removes it. */
  readonly replace: string
}

const DECLARATIONS = [
  'function_declaration',
  'method_definition',
  'public_field_definition',
  'variable_declarator',
  'class_declaration',
  'interface_declaration',
]

const trees = new Map<string, Map<string, SgNode>>()

/** The source files below a root, each parsed once. Catalogues hold no code. */
function sourcesOf(root: string, file?: string): readonly (readonly [path: string, tree: SgNode])[] {
  const known = trees.get(root) ?? new Map<string, SgNode>()
  trees.set(root, known)
  const paths =
    file !== undefined
      ? [file]
      : globSync('packages/*/src/**/*.ts', { cwd: root }).filter((path) => !path.includes('catalogue'))
  return paths.map((path) => {
    const tree = known.get(path) ?? parse(Lang.TypeScript, readFileSync(join(root, path), 'utf8')).root()
    known.set(path, tree)
    return [path, tree]
  })
}

/** Has a file parsed anew: it was written. */
export function forget(root: string, path: string): void {
  trees.get(root)?.delete(path)
}

/**
 * The file that an edit changes and its new text.
 *
 * @throws {Error} where the place is not there, or there more than once.
 */
export function edited(
  root: string,
  { in: name, find, replace }: Edit,
): { readonly path: string; readonly text: string } {
  const found = sourcesOf(root, isFile(name) ? name : undefined).flatMap(([path, tree]) =>
    scopesOf(tree, name)
      .flatMap((node) => node.findAll({ rule: { pattern: find } }))
      .map((node) => ({ path, tree, node })),
  )
  const places = found.filter(
    ({ path, node }, at) =>
      found.findIndex((one) => one.path === path && one.node.range().start.index === node.range().start.index) === at,
  )
  const [place] = places
  if (place === undefined || places.length > 1) {
    const where = places.map(({ path, node }) => `${path}:${node.range().start.line + 1}`).join(', ')
    throw new Error(`${JSON.stringify(find)} in ${name}: ${places.length} places${where === '' ? '' : ` (${where})`}.`)
  }
  const { path, tree, node } = place
  const text = replace.replace(/\$([A-Z]+)/g, (_, variable: string) => node.getMatch(variable)?.text() ?? '')
  return { path, text: tree.commitEdits([node.replace(text)]) }
}

/** True for the path of a file from the root: a whole file may be named, such as one of tests. */
const isFile = (name: string): boolean => name.endsWith('.ts')

function scopesOf(tree: SgNode, name: string): readonly SgNode[] {
  if (isFile(name)) return [tree]
  const [owner, member] = name.includes('.') ? name.split('.') : [undefined, name]
  return declarationsOf(tree, member ?? name).filter(
    (node) => owner === undefined || node.ancestors().some((one) => nameOf(one) === owner),
  )
}

const indexes = new WeakMap<SgNode, Map<string, SgNode[]>>()

/** The declarations of a file with this name. All of a file are searched for once, at the first request. */
function declarationsOf(tree: SgNode, name: string): readonly SgNode[] {
  const known = indexes.get(tree)
  if (known !== undefined) return known.get(name) ?? []
  const index = new Map<string, SgNode[]>()
  for (const node of tree.findAll({ rule: { any: DECLARATIONS.map((kind) => ({ kind })) } })) {
    const own = nameOf(node) ?? ''
    index.set(own, [...(index.get(own) ?? []), node])
  }
  indexes.set(tree, index)
  return index.get(name) ?? []
}

const nameOf = (node: SgNode): string | undefined => node.field('name')?.text()
