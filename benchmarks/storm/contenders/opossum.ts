import { type CallRequest, type Contender, perClient, sendOrThrow } from '../model/contender.ts'

/** p-retry inside opossum, the usual way. */
export const opossum: Contender = {
  name: 'p-retry in opossum',
  async start({ fetch }) {
    const [{ default: CircuitBreaker }, { default: pRetry }] = await Promise.all([import('opossum'), import('p-retry')])
    const act = (request: CallRequest): Promise<Response> =>
      pRetry(() => sendOrThrow(fetch, request), { retries: 4, signal: request.signal })
    // Neither percentiles nor snapshots decide anything.
    const options = { timeout: false, rollingPercentilesEnabled: false, enableSnapshots: false } as const
    const breakerOf = perClient(() => new CircuitBreaker(act, options))
    return async (request) => (await breakerOf(request.client).fire(request)).status
  },
}
