/**
 * openapi-fetch: it reads every reply itself, so it gets `client.fetch`. `failureOf(response)` has the verdict.
 */
import type { ResilientFetch } from '@holdfast/core'
import createClient from 'openapi-fetch'

/** A client of the API that `Paths` describes. */
export const openapiOver = <Paths extends object>(client: ResilientFetch, baseUrl: string) =>
  createClient<Paths>({ baseUrl, fetch: client.fetch })
