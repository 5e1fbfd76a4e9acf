import { failureOf, resilient } from '@holdfast/core'
import { type ResilientKyOptions, resilientKy } from '@holdfast/core/ky'
import { isHTTPError } from 'ky'
import type { ClientKind } from './client-kind.ts'
import { plainRequests } from './requests.ts'
import type { Answer, Internal } from './server.ts'
import { vendorKinds } from './vendor-clients.ts'

const nothing: Internal = () => undefined
const fine: Answer = { status: 200, body: '{"result":"so it is"}' }

export const kinds: readonly ClientKind[] = [
  {
    name: 'fetch',
    requests: plainRequests,
    internal: nothing,
    fine,
    secrets: [],
    open: (_, options) => {
      const client = resilient(fetch, options)
      return { send: client, close: client.close }
    },
  },
  {
    name: 'fetch that returns failures',
    requests: plainRequests,
    internal: nothing,
    fine,
    secrets: [],
    open: (_, options) => {
      const client = resilient(fetch, options)
      return {
        async send(input, init) {
          const response = await client.fetch(input, init)
          const failure = failureOf(response)
          if (failure === undefined) return response
          await response.body?.cancel().catch(() => {})
          throw failure
        },
        close: client.close,
      }
    },
  },
  {
    name: 'ky',
    requests: plainRequests,
    internal: nothing,
    fine,
    secrets: [],
    open: (_, options) => {
      const api = resilientKy(options as ResilientKyOptions)
      return {
        send: (input, init) =>
          api(input, init as object).catch((error: unknown) => {
            // ky fails where a status is neither a success nor, to the engine, a failure.
            if (isHTTPError(error) && error.response.status < 400) return error.response
            throw error
          }),
        close: api.client.close,
      }
    },
  },
  ...vendorKinds,
]
