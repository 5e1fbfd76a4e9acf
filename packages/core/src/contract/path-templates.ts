/** A part of a path tree: the next segments by name, and the one that stands for any other. */
interface Node {
  readonly literals: Map<string, Node>
  any?: { readonly name: string; readonly node: Node }
}

/** Stands for the rest of a path that a tree does not know. */
const UNKNOWN = '{path}'

/**
 * Makes the writer of path templates. Whatever path it is given, its answer is made of the tree's own words alone, so that
 * there are no more answers than places in the tree.
 *
 * A path is followed segment by segment: a literal before the parameter beside it. Where the tree ends before the path
 * does, `{path}` stands for the rest.
 *
 * @param tree names with their children in brackets; a name in braces stands for any segment:
 *   `vcenter(vm({vm}(power tools(installer))))`. Line breaks are spaces.
 * @example
 * pathTemplates('vm({vm}(power))')('/vm/vm-12/power') // '/vm/{vm}/power'
 */
export function pathTemplates(tree: string): (path: string) => string {
  let root: Node | undefined
  return (path) => {
    // Parsed on first use: most programs never need it.
    root ??= readTree(tree)
    let node = root
    let template = ''
    for (const segment of path.split('/')) {
      if (segment === '') continue
      const literal = node.literals.get(segment)
      if (literal === undefined && node.any === undefined) return `${template}/${UNKNOWN}`
      template += `/${literal === undefined ? node.any?.name : segment}`
      node = literal ?? node.any?.node ?? node
    }
    return template === '' ? '/' : template
  }
}

function readTree(tree: string): Node {
  const root: Node = { literals: new Map() }
  const open = [root]
  let last = root
  for (const token of tree.match(/[()]|[^\s()]+/g) ?? []) {
    const parent = open.at(-1) ?? root
    if (token === '(') open.push(last)
    else if (token === ')') open.pop()
    else last = childOf(parent, token)
  }
  return root
}

function childOf(parent: Node, name: string): Node {
  if (name.startsWith('{')) {
    parent.any ??= { name, node: { literals: new Map() } }
    return parent.any.node
  }
  const child = parent.literals.get(name) ?? { literals: new Map() }
  parent.literals.set(name, child)
  return child
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY'])

/**
 * The HTTP method as a name may show it: `_OTHER` for one that HTTP does not define, since a caller may write anything
 * there (OpenTelemetry semantic conventions, `http.request.method`).
 */
export const methodName = (method: string): string => (METHODS.has(method) ? method : '_OTHER')
