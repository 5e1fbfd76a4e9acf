/**
 * GitHub's API: whoever meets its limits waits until they begin anew, and a list is read page by page; under ky and under
 * axios. Nothing that may have been done is sent twice.
 */
import { bearer } from '@holdfast/bearer'
import { type Fetch, githubLimits, type ResilientFetch, resilient } from '@holdfast/core'
import { kyOptions } from '@holdfast/core/ky'
import ky from 'ky'
import { axiosOver } from './axios.ts'

const url = 'https://api.github.com'

/** A client for GitHub. The token goes to GitHub alone; a limit that takes longer than a minute to begin anew ends a call at once. */
export const github = (fetch: Fetch, token: string) =>
  resilient(fetch, { vendor: bearer({ url, token }), rateLimit: githubLimits, maxWait: 60_000 })

/** The address of the next page, out of the header `link`. */
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
