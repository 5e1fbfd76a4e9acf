import { SaxesParser } from 'saxes'
import { skipBom } from './skip-bom.ts'

/** How deep elements may lie in each other; a list in a list takes three. */
export const MAX_DEPTH = 64

/** Told of the parts of a document in their order. `end` is where the part ends in the text. */
export interface XmlHandlers {
  open(name: string, end: number): void
  text(text: string): void
  close(name: string, end: number): void
}

/** Thrown by a handler that has seen enough. */
export class Enough extends Error {}

/**
 * Reads a document up to its end, its first flaw, or what a handler throws. A document type is a flaw, so there are no
 * entities but XML's own five and those by number.
 *
 * @returns whether the document is whole and well formed, or a handler had {@link Enough}.
 */
export function readDocument(text: string, { open, text: told, close }: XmlHandlers): boolean {
  const parser = new SaxesParser({ position: false })
  // Behind white space, the declaration that may begin a document would be a flaw.
  const lead = skipBom(text)
  let depth = 0
  parser.on('doctype', () => parser.fail('A document type is not read.'))
  parser.on('opentag', ({ name }) => {
    if (++depth > MAX_DEPTH) parser.fail('Elements lie too deep.')
    open(name, lead + parser.position)
  })
  parser.on('closetag', ({ name }) => {
    depth--
    close(name, lead + parser.position)
  })
  parser.on('text', told)
  parser.on('cdata', told)
  try {
    parser.write(lead === 0 ? text : text.slice(lead)).close()
    return true
  } catch (thrown) {
    return thrown instanceof Enough
  }
}
