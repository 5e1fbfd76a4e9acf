import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import { type Contender, perClient } from '../model/contender.ts'
import { ATTEMPT_TIME } from '../model/times.ts'
import type { Fetch } from '../model/wire.ts'

type Library = typeof import('axios')

/** axios with axios-retry's own settings: three retries, and no wait before them. */
export const axios: Contender = {
  name: 'axios-retry',
  async start({ fetch }) {
    const [library, { default: axiosRetry }] = await Promise.all([import('axios'), import('axios-retry')])
    const adapter = adapterOver(fetch, library)
    const clientOf = perClient(() => {
      const client = library.default.create({ adapter, timeout: ATTEMPT_TIME })
      axiosRetry(client)
      return client
    })
    return async ({ client, url, method, headers, signal }) =>
      (await clientOf(client).request({ url, method, headers: { ...headers }, signal })).status
  },
}

/** An adapter with the same results as axios's own, of which the one over `fetch` costs four times as much. */
function adapterOver(fetch: Fetch, { AxiosError, AxiosHeaders, CanceledError }: Library) {
  return async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    const controller = new AbortController()
    const timedOut = new AxiosError(`timeout of ${config.timeout}ms exceeded`, 'ECONNABORTED', config)
    const timer = setTimeout(() => controller.abort(timedOut), config.timeout)
    const cancel = (): void => controller.abort(new CanceledError('canceled', config))
    config.signal?.addEventListener?.('abort', cancel)
    try {
      const headers = config.headers.toJSON() as Record<string, string>
      const reply = await fetch(config.url ?? '', {
        method: config.method ?? 'get',
        headers,
        signal: controller.signal,
      })
      const { status } = reply
      const own = new AxiosHeaders(Object.fromEntries(reply.headers))
      const response = { data: '', status, statusText: '', headers: own, config }
      if (reply.ok) return response
      throw new AxiosError(`Request failed with status code ${status}`, undefined, config, null, response)
    } catch (error) {
      const cause = (error as Error).cause as (Error & { readonly code: string }) | undefined
      throw cause === undefined ? error : new AxiosError(cause.message, cause.code, config)
    } finally {
      clearTimeout(timer)
      config.signal?.removeEventListener?.('abort', cancel)
    }
  }
}
