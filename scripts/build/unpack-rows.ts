/**
 * Rows of a catalogue as they are published: one column for each member, a line for each row. What rows share stands once.
 */
export interface PackedRows {
  /** Each is preceded by a digit of base 36: the number of characters that it begins with like the one above. */
  readonly code: string
  /** Members that many rows have alike, and the one of these that each row has. */
  readonly facts: readonly object[]
  readonly fact: string
  /** Where its code does not tell it as `HTTP_404` does; `0` for none. */
  readonly status: string
  readonly refines: string
  /** Names of parameters, joined by commas. */
  readonly params: string
}

/** The texts of the same rows, in the same form. A `"` means the same as the line above. */
export interface PackedTexts {
  readonly hint: string
  readonly source: string
  readonly why: string
}

const lines = (column: string | undefined): readonly string[] => (column ? column.split('\n') : [])

/** The rows as they stand in the source. Without the texts their hints are empty. */
export function unpackRows(packed: PackedRows, texts?: PackedTexts): readonly object[] {
  const [fact, status, refines, params] = [packed.fact, packed.status, packed.refines, packed.params].map(lines)
  const [hint, source, why] = [texts?.hint, texts?.source, texts?.why].map(told)
  return codes(packed.code).map((code, at) => ({
    code,
    ...packed.facts[Number(fact?.[at])],
    ...statedBy(status?.[at] ? Number(status[at]) : statusIn(code)),
    ...(refines?.[at] && { refines: refines[at] }),
    ...(params?.[at] && { params: params[at].split(',') }),
    hint: hint?.[at] ?? '',
    ...(source?.[at] && { source: source[at] }),
    ...(why?.[at] && { why: why[at] }),
  }))
}

/** The status that a code spells out. */
export function statusIn(code: string): number | undefined {
  const digits = /^HTTP_(\d+)$/.exec(code)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

const statedBy = (status: number | undefined) => status && { status }

function codes(column: string): readonly string[] {
  let above = ''
  return lines(column).map((line) => {
    above = above.slice(0, Number.parseInt(line.charAt(0), 36)) + line.slice(1)
    return above
  })
}

function told(column: string | undefined): readonly string[] {
  let last = ''
  return lines(column).map((line) => {
    if (line !== '"') last = line
    return last
  })
}
