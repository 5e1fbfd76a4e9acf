/**
 * hey-api: the client that it generates reads every reply itself, so it gets `client.fetch`. `failureOf(response)` has the
 * verdict. A generated client takes the same by `client.setConfig({ fetch: client.fetch })`.
 */
import { createClient, createConfig } from '@hey-api/client-fetch'
import type { ResilientFetch } from '@holdfast/core'

/** A client of the API at this address. */
export const heyApiOver = (client: ResilientFetch, baseUrl: string) =>
  createClient(createConfig({ baseUrl, fetch: client.fetch }))
