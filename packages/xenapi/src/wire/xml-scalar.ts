/** A typed value; texts, dates and `base64` as they stand. */
export function scalar(type: string, text: string): unknown {
  switch (type) {
    case 'int':
    case 'i4':
    case 'i8': {
      const number = Number(text)
      // What does not fit a number is kept as it was sent.
      return Number.isSafeInteger(number) && text.trim() !== '' ? number : text
    }
    case 'double':
      return doubleOf(text.trim()) ?? text
    case 'boolean':
      return text.trim() === '1' || text.trim() === 'true'
    case 'nil':
      return null
    default:
      return text
  }
}

function doubleOf(text: string): number | undefined {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (special === null) return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
