import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RealKeystone, startKeystone, whyAbsent } from './keystone.ts'

/**
 * Declares tests that need a real Keystone, and starts one before them.
 *
 * Where it is not installed the suite is skipped and says why; with `HOLDFAST_REQUIRE_KEYSTONE=1` it fails.
 */
export function withKeystone(title: string, tests: (keystone: () => RealKeystone) => void) {
  const absent = whyAbsent()
  if (absent !== undefined && process.env.HOLDFAST_REQUIRE_KEYSTONE === '1') {
    return test(title, () => expect.fail(absent))
  }
  if (absent !== undefined) console.warn(`SKIPPED: ${title}\n${absent}`)
  const named = absent === undefined ? title : `${title} (${absent})`
  describe.skipIf(absent !== undefined)(named, () => {
    let keystone: RealKeystone | undefined
    beforeAll(async () => {
      keystone = await startKeystone()
    })
    afterAll(async () => keystone?.[Symbol.asyncDispose]())
    tests(() => keystone ?? expect.fail('It has not started.'))
  })
}
