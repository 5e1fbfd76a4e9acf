import { started } from '../../../scripts/real-servers.ts'
import type { RealKeystone } from './keystone.ts'

/**
 * Starts a Cinder with its own database, whose volumes are stored nowhere, and waits until it answers: some ten seconds. It
 * asks a Keystone about tokens, and stands in its catalogue. It ends with this process, however that ends.
 *
 * @throws {Error} with its own words, if it does not start.
 */
export async function startCinder(keystone: RealKeystone): Promise<AsyncDisposable> {
  await keystone.list('identity', `${keystone.url}/v3`)
  const { port } = new URL(keystone.url)
  const line = JSON.stringify({ port: Number(port), password: keystone.admin.password })
  const { at, end } = await started<{ port: number }>('cinder', { HOLDFAST_KEYSTONE: line })
  await keystone.list('volumev3', `http://127.0.0.1:${at.port}/v3/$(project_id)s`)
  return { [Symbol.asyncDispose]: end }
}
