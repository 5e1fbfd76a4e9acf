/**
 * graphql-request. What a server says in `errors` of a 200 stays a `ClientError`; all else is a `VendorError`.
 */
import type { ResilientFetch } from '@holdfast/core'
import { GraphQLClient } from 'graphql-request'

/** A GraphQL client whose requests are seen through. A query that only reads may say so: `{ idempotent: true }`. */
export const graphqlOver = (client: ResilientFetch, url: string) => new GraphQLClient(url, { fetch: client })
