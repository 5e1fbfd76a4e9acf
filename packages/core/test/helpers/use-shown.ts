import { inspect } from 'node:util'
import { beforeEach } from 'vitest'
import { type Observer, timeline, type VendorError } from '../../src/index.ts'

/** All that the observers of each test of a file are told, as text, and all that an error can be made to say beside it. */
export function useShown() {
  const shown: string[] = []
  beforeEach(() => {
    shown.length = 0
  })
  const observers: readonly Observer[] = [
    (event) => void shown.push(JSON.stringify(event), inspect(event, { depth: 20 })),
    timeline((line) => shown.push(line)),
  ]
  function everything(error: VendorError): string {
    const chain: unknown[] = []
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      chain.push(cause.message, cause.stack, String(cause), { ...cause })
    const texts = [error, error.params].map((value) => JSON.stringify(value))
    return [...shown, error.stack, ...texts, inspect(error, { depth: 20 }), inspect(chain, { depth: 20 })].join('\n')
  }
  return { shown, observers, everything }
}
