/**
 * GitHub's API: a call that meets a limit waits until it resets, a list is read page by page, and what has not changed is not read
 * again; under ky and under axios. Nothing that may have been done is sent twice.
 */
import { bearer } from '@holdfast/bearer'
import { type Fetch, githubLimits, type ResilientFetch, resilient } from '@holdfast/core'
import { kyOptions } from '@holdfast/core/ky'
import ky from 'ky'
import { axiosOver } from './axios.ts'

/** A body, and the tag by which GitHub recognizes it. */
export interface Tagged<Body> {
  readonly etag: string
  readonly body: Body
}

const url = 'https://api.github.com'

/** A client for GitHub. The token is sent only to GitHub; a limit that takes longer than a minute to reset ends a call at once. */
export const github = (fetch: Fetch, token: string) =>
  resilient(fetch, { vendor: bearer({ url, token }), rateLimit: githubLimits, maxWait: 60_000 })

/** The URL of the next page, from the header `link`. */
const nextIn = (link: unknown): string | undefined => /<([^>]+)>; rel="next"/.exec(String(link))?.[1]

/** All items of a list, under ky. */
export async function* listByKy<Item>(client: ResilientFetch, path: string): AsyncGenerator<Item> {
  const api = ky.create(kyOptions(client))
  for (let at: string | undefined = url + path; at !== undefined; ) {
    const reply = await api.get(at)
    yield* await reply.json<Item[]>()
    at = nextIn(reply.headers.get('link'))
  }
}

/** All items of a list, under axios. */
export async function* listByAxios<Item>(client: ResilientFetch, path: string): AsyncGenerator<Item> {
  const api = axiosOver(client, { baseURL: url })
  for (let at: string | undefined = path; at !== undefined; ) {
    const { data, headers } = await api.get<Item[]>(at)
    yield* data
    at = nextIn(headers.link)
  }
}

/** A resource with its tag, by ky; `undefined` if it still has the tag that is given, which takes nothing of the limit. */
export async function getIfChangedByKy<Body>(
  client: ResilientFetch,
  path: string,
  etag = '',
): Promise<Tagged<Body> | undefined> {
  // Neither library takes a 304 for a success.
  const throwHttpErrors = (status: number) => status !== 304
  const reply = await ky.create(kyOptions(client)).get(url + path, { headers: conditionOf(etag), throwHttpErrors })
  if (reply.status === 304) return undefined
  return { etag: reply.headers.get('etag') ?? '', body: await reply.json<Body>() }
}

/** The same by axios. */
export async function getIfChangedByAxios<Body>(
  client: ResilientFetch,
  path: string,
  etag = '',
): Promise<Tagged<Body> | undefined> {
  const validateStatus = (status: number) => status < 300 || status === 304
  const api = axiosOver(client, { baseURL: url, validateStatus })
  const { status, headers, data } = await api.get<Body>(path, { headers: conditionOf(etag) })
  return status === 304 ? undefined : { etag: String(headers.etag ?? ''), body: data }
}

const conditionOf = (etag: string): Record<string, string> => (etag === '' ? {} : { 'if-none-match': etag })
