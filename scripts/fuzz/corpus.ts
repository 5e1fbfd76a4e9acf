import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'corpus')

/** The file of a target's corpus: one input a line, as a text of JSON whose characters are its bytes. */
export const corpusFile = (target: string): string => join(folder, `${target}.jsonl`)

/** The inputs that are kept for a target. */
export function readCorpus(target: string): readonly Uint8Array[] {
  const file = corpusFile(target)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => Buffer.from(JSON.parse(line) as string, 'latin1'))
}

/** One line of a corpus. */
export const lineOf = (input: Uint8Array): string =>
  JSON.stringify(Buffer.from(input).toString('latin1')).replace(
    /[\x7f-\xff]/g,
    (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
  )

/** Keeps these inputs for a target, and no others. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  const lines = [...new Set(inputs.map(lineOf))].toSorted()
  writeFileSync(corpusFile(target), lines.map((line) => `${line}\n`).join(''))
}
