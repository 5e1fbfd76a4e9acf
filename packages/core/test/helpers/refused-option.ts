import { expect } from 'vitest'
import { isOptionsError, type OptionsError } from '../../src/index.ts'

/** The error by which something is refused for an option. */
export function refused(make: () => unknown): OptionsError {
  try {
    make()
  } catch (error) {
    if (isOptionsError(error)) return error
    throw error
  }
  return expect.unreachable('it was taken')
}
