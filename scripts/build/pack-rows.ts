import type { ErrorRow } from '@holdfast/core/plugin'
import { type PackedRows, type PackedTexts, statusIn } from './unpack-rows.ts'

/** Most characters that a text shares with the one above: one digit of base 36. */
const MOST_ALIKE = 35

/** Rows in the form in which they are published, and their texts separately. */
export function packRows(rows: readonly ErrorRow[]): { readonly packed: PackedRows; readonly texts: PackedTexts } {
  const empty = rows.find(({ params }) => params?.length === 0)
  if (empty !== undefined) throw new Error(`${empty.code} has an empty list of parameters: leave it out.`)
  const facts = new Map<string, number>()
  const fact = rows.map(({ code, status, refines, params, hint, source, why, ...rest }) => {
    const text = JSON.stringify(rest)
    if (!facts.has(text)) facts.set(text, facts.size)
    return String(facts.get(text))
  })
  const column = (of: (row: ErrorRow) => string | number | undefined) =>
    joined(rows.map((row) => String(of(row) ?? '')))
  return {
    packed: {
      code: joined(afterTheOneAbove(rows.map(({ code }) => code))),
      facts: [...facts.keys()].map((text) => JSON.parse(text) as object),
      fact: joined(fact),
      status: column(({ code, status }) => (status === statusIn(code) ? undefined : (status ?? 0))),
      refines: column(({ refines }) => refines),
      params: column(({ params }) => params && joined(params, ',')),
    },
    texts: {
      hint: joined(shortened(rows.map(({ hint }) => hint))),
      source: joined(shortened(rows.map(({ source }) => source ?? ''))),
      why: joined(shortened(rows.map(({ why }) => why ?? ''))),
    },
  }
}

/** A column; empty where no row has the member. */
function joined(texts: readonly string[], separator = '\n'): string {
  const broken = texts.find((text) => text.includes(separator))
  if (broken !== undefined)
    throw new Error(`A text of a catalogue must not hold ${JSON.stringify(separator)}: ${broken}`)
  return texts.every((text) => text === '') ? '' : texts.join(separator)
}

/** Each text as the number of characters that it begins with like the one above, and the rest of it. */
const afterTheOneAbove = (texts: readonly string[]) =>
  texts.map((text, at) => {
    const above = texts[at - 1] ?? ''
    const differs = [...above].findIndex((character, index) => character !== text[index])
    const alike = Math.min(differs === -1 ? above.length : differs, MOST_ALIKE)
    return `${alike.toString(36)}${text.slice(alike)}`
  })

const shortened = (texts: readonly string[]) => texts.map((text, at) => (at > 0 && text === texts[at - 1] ? '"' : text))
