import { SaxesParser } from 'saxes'
import { skipBom } from './skip-bom.ts'

/** Deepest nesting of elements that is read; a list in a list takes three levels. */
export const MAX_DEPTH = 64

/** Receives the parts of a document in their order. `end` is the end of the part in the text. */
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
 * @returns true if the document is whole and well formed, or a handler threw {@link Enough}.
 */
export function readDocument(text: string, { open, text: onText, close }: XmlHandlers): boolean {
  const parser = new SaxesParser({ position: false })
  // An XML declaration behind white space would be a flaw.
  const start = skipBom(text)
  let depth = 0
  parser.on('doctype', () => parser.fail('A document type is not read.'))
  parser.on('opentag', ({ name }) => {
    if (++depth > MAX_DEPTH) parser.fail('Elements lie too deep.')
    open(name, start + parser.position)
  })
  parser.on('closetag', ({ name }) => {
    depth--
    close(name, start + parser.position)
  })
  parser.on('text', onText)
  parser.on('cdata', onText)
  try {
    parser.write(start === 0 ? text : text.slice(start)).close()
    return true
  } catch (thrown) {
    return thrown instanceof Enough
  }
}
