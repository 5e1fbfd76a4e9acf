import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCinder } from './cinder.ts'
import { type RealKeystone, startKeystone } from './keystone.ts'
import { whyAbsent } from './started.ts'

/**
 * Declares tests that need a real Keystone, and starts one before them.
 *
 * Where it is not installed the suite is skipped and says why; with `HOLDFAST_REQUIRE_KEYSTONE=1` it fails.
 */
export const withKeystone = (title: string, tests: (keystone: () => RealKeystone) => void) =>
  withServers(title, ['keystone'], startKeystone, tests)

/** Declares tests that need a real Cinder in the catalogue of a real Keystone; `HOLDFAST_REQUIRE_CINDER=1` lets none be absent. */
export const withCinder = (title: string, tests: (keystone: () => RealKeystone) => void) =>
  withServers(title, ['keystone', 'cinder'], startBoth, tests)

async function startBoth(): Promise<RealKeystone> {
  const keystone = await startKeystone()
  try {
    const cinder = await startCinder(keystone)
    const end = async () => {
      await cinder[Symbol.asyncDispose]()
      await keystone[Symbol.asyncDispose]()
    }
    return { ...keystone, [Symbol.asyncDispose]: end }
  } catch (error) {
    await keystone[Symbol.asyncDispose]()
    throw error
  }
}

function withServers(
  title: string,
  names: readonly string[],
  start: () => Promise<RealKeystone>,
  tests: (keystone: () => RealKeystone) => void,
) {
  const name = names.find((each) => whyAbsent(each) !== undefined)
  const absent = name && whyAbsent(name)
  if (name !== undefined && process.env[`HOLDFAST_REQUIRE_${name.toUpperCase()}`] === '1') {
    return test(title, () => expect.fail(absent))
  }
  if (absent !== undefined) console.warn(`SKIPPED: ${title}\n${absent}`)
  const named = absent === undefined ? title : `${title} (${absent})`
  describe.skipIf(absent !== undefined)(named, () => {
    let keystone: RealKeystone | undefined
    beforeAll(async () => {
      keystone = await start()
    })
    afterAll(async () => keystone?.[Symbol.asyncDispose]())
    tests(() => keystone ?? expect.fail('It has not started.'))
  })
}
