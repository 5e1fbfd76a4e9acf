import { deepStrictEqual } from 'node:assert/strict'

/** The functions of a test runner that the suite needs: vitest, jest, node:test and mocha have them. */
export interface TestFunctions {
  readonly describe: (name: string, body: () => void) => unknown
  readonly test: (name: string, body: () => Promise<void>) => unknown
  /** @default deepStrictEqual of node:assert */
  readonly expect?: (actual: unknown) => { toEqual(expected: unknown): unknown }
}

/** The assertion of `node:assert`, for lack of an `expect`. */
export const byAssertion = (actual: unknown) => ({ toEqual: (expected: unknown) => deepStrictEqual(actual, expected) })
