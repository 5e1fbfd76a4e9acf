/**
 * An internal API that takes a bearer token, under ky and under axios: the token is got once for all callers and anew when it
 * has ended, 8 requests are under way at once, and the rest wait in line.
 */
import { bearer, type TokenFunction } from '@holdfast/bearer'
import { type Fetch, resilient } from '@holdfast/core'
import { kyOptions } from '@holdfast/core/ky'
import type { AxiosInstance } from 'axios'
import ky, { type KyInstance } from 'ky'
import { axiosOver } from './axios.ts'

/** The same API under both; `close` ends it. */
export interface InternalApi {
  readonly ky: KyInstance
  readonly axios: AxiosInstance
  close(): Promise<void>
}

/** An internal API. */
export function internalApi(fetch: Fetch, url: string, token: TokenFunction): InternalApi {
  const client = resilient(fetch, { vendor: bearer({ url, token }), concurrency: 8 })
  return {
    ky: ky.create({ ...kyOptions(client), prefix: url }),
    axios: axiosOver(client, { baseURL: url }),
    close: () => client.close(),
  }
}

/** Orders something; the order is sent again where its answer is lost, for the service knows it again by its key. */
export const orderByKy = (api: KyInstance, order: object) => api.post('orders', { json: order, idempotencyKey: 'auto' })

/** The same by axios, which hands `fetchOptions` on: they hold the options of one call. */
export const orderByAxios = (api: AxiosInstance, order: object) =>
  api.post('/orders', order, { fetchOptions: { resilience: { idempotencyKey: 'auto' } } })
