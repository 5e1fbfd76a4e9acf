import type { Changes } from '../contract/request.ts'
import { isRequest } from './is-request.ts'
import { membersOf } from './snapshot.ts'

/** The two arguments that `fetch` gets. */
export type FetchArguments = readonly [input: string | URL | Request, init: RequestInit | undefined]

type AllChanges = Changes | (RequestInit & { readonly url?: string })

/** Passes on the arguments of a call, with the changes of an attempt and a body that was read from its `Request`. */
export function handOver<T>(
  take: (...given: FetchArguments) => T,
  input: string | Request,
  init: RequestInit | undefined,
  read: Uint8Array<ArrayBuffer> | undefined,
  changes: AllChanges,
): T {
  // Changes are made for each attempt, so they may be passed on as they are; most attempts have nothing else.
  if (init === undefined && read === undefined && changes.url === undefined) return take(input, changes)
  return take(...fetchArguments(input, init, read, changes))
}

function fetchArguments(
  input: string | Request,
  init: RequestInit | undefined,
  read: Uint8Array<ArrayBuffer> | undefined,
  changes: AllChanges,
): FetchArguments {
  const loaded = read && { body: read }
  if (changes.url === undefined) return [input, { ...init, ...loaded, ...changes }]
  const { url, ...changed } = changes
  return [url, { ...(isRequest(input) && ownMembers(input)), ...init, ...loaded, ...changed } as RequestInit]
}

/** A request's own members, for the same request at another URL. */
function ownMembers(request: Request): object {
  const { mode, ...members } = membersOf(request)
  // Only a page itself navigates: `fetch` refuses to.
  return { ...members, duplex: 'half', ...(mode !== 'navigate' && { mode }) }
}
