/**
 * axios: its fetch adapter over a resilient client. Its errors stay axios's own, with the verdict as their `cause`, so
 * `failureOf(error)` has it. A request that was never sent has no error of axios: test it with `isRefused(error)`.
 */
import { failureOf, isRefused, type ResilientFetch, type VendorError } from '@holdfast/core'
import axios, { type AxiosInstance, type CreateAxiosDefaults } from 'axios'

/** An instance of axios whose requests are seen through. */
export function axiosOver(client: ResilientFetch, defaults: CreateAxiosDefaults): AxiosInstance {
  const verdicts = new WeakMap<object, VendorError>()
  const instance = axios.create({
    ...defaults,
    adapter: 'fetch',
    env: {
      async fetch(input: string | URL | Request, init?: RequestInit) {
        const reply = await client.fetch(input, init)
        const verdict = failureOf(reply)
        // To axios a failure inside a 200 would be a success.
        if (verdict !== undefined && reply.ok) throw new Error(verdict.message, { cause: verdict })
        if (verdict !== undefined && input instanceof Request) verdicts.set(input, verdict)
        return reply
      },
    },
  })
  instance.interceptors.response.use(undefined, (error) => {
    if (isRefused(error.cause)) throw error.cause
    error.cause ??= verdicts.get(error.request)
    throw error
  })
  return instance
}
