import { textOf } from '@holdfast/core/plugin'

/** A code as text: codes are numbers in some answers and texts in others. Zero is none. */
export function codeOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : (textOf(value)?.trim() ?? '')
  return /^0*$/.test(text) ? undefined : text
}
