import { textOf } from '@holdfast/core/plugin'

/** A code as a string: codes are numbers in some answers and strings in others. Zero is no code. */
export function codeOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : (textOf(value)?.trim() ?? '')
  return /^0*$/.test(text) ? undefined : text
}
