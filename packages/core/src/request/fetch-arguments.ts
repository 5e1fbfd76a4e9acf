import type { Changes } from '../contract/request.ts'
import { isRequest } from './is-request.ts'
import { partsOf } from './parts-of.ts'

/** The two arguments that `fetch` gets. */
export type FetchArguments = readonly [input: string | URL | Request, init: RequestInit | undefined]

/** The arguments of a call as it was made, with the changes of an attempt and a body that was read out of its `Request`. */
export function fetchArguments(
  input: string | Request,
  init: RequestInit | undefined,
  read: Uint8Array<ArrayBuffer> | undefined,
  changes: Changes | (RequestInit & { readonly url?: string }) | undefined,
): FetchArguments {
  if (changes === undefined && read === undefined) return [input, init]
  // Made anew for each attempt, so it may go out as it is.
  if (changes?.url === undefined && init === undefined && read === undefined) return [input, changes]
  const loaded = read && { body: read }
  if (changes?.url === undefined) return [input, { ...init, ...loaded, ...changes }]
  const { url, ...changed } = changes
  const changedInit = { ...init, ...loaded, ...changed } as RequestInit
  if (!isRequest(input)) return [url, changedInit]
  const { body } = input
  const own = changedInit.body === undefined && body !== null ? { body, duplex: 'half' } : {}
  return [url, { ...partsOf(input), ...own, ...changedInit }]
}
