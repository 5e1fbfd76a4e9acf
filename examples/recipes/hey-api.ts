/**
 * hey-api: the client that it generates reads every reply itself, so it gets `client.fetch`. `failureOf(response)` has the
 * verdict. With `throwOnError` it would throw the body of the reply alone; here it throws the verdict, which has the reply. A
 * generated client takes the same: `client.setConfig({ fetch: client.fetch })`, and the interceptor.
 */
import { createClient, createConfig } from '@hey-api/client-fetch'
import { failureOf, type ResilientFetch } from '@holdfast/core'

/** A client of the API at this address. */
export function heyApiOver(client: ResilientFetch, baseUrl: string) {
  const api = createClient(createConfig({ baseUrl, fetch: client.fetch }))
  api.interceptors.error.use((error, response, _, { throwOnError }) =>
    throwOnError ? (failureOf(response) ?? error) : error,
  )
  return api
}
