/**
 * graphql-request. Its errors stay its own, with what the server says in `errors`; `failureOf(error)` has the verdict, on a 200
 * as well if `classify` finds the failure in it.
 */
import type { ResilientFetch } from '@holdfast/core'
import { GraphQLClient } from 'graphql-request'

/** A GraphQL client whose requests are seen through. A query that only reads may say so: `{ idempotent: true }`. */
export const graphqlOver = (client: ResilientFetch, url: string) => new GraphQLClient(url, { fetch: client.fetch })
