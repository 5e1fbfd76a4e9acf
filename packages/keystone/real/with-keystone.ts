import { withServers } from '../../../scripts/real-servers.ts'
import { startCinder } from './cinder.ts'
import { type RealKeystone, startKeystone } from './keystone.ts'

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
