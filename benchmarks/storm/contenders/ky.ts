import { type Contender, perClient } from '../model/contender.ts'
import { ATTEMPT_TIME, PATIENCE } from '../model/times.ts'

/** ky with its own retries: two, of methods that HTTP calls idempotent, and none after a time-out. */
export const kyDefaults: Contender = {
  name: 'ky',
  async start({ fetch }) {
    const { default: ky } = await import('ky')
    const clientOf = perClient(() => ky.create({ fetch, timeout: ATTEMPT_TIME, totalTimeout: PATIENCE }))
    return async ({ client, url, method, headers, signal }) =>
      (await clientOf(client)(url, { method, headers, signal })).status
  },
}
