import { type Fetch, failureOf, isRefused, isVendorError } from '@holdfast/core'
import { fetchFrom } from '@holdfast/testing'
import { HttpResponse, http } from 'msw'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { getIfChangedByAxios, getIfChangedByKy, github, listByAxios, listByKy } from '../recipes/github.ts'
import { internalApi, orderByAxios, orderByKy } from '../recipes/internal-api.ts'

type Answer = (request: Request) => Response
let answers: Answer[]
let sent: { readonly line: string; readonly token: string | null; readonly at: number }[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  answers = []
  sent = []
  underWay = 0
})

/** Requests that are being answered: until they are, no time passes, however long that takes. */
let underWay: number

/** A server that gives the answers of the script, and then those of its own. */
function serverOf(url: string, own: Answer): Fetch {
  const serve = fetchFrom([
    http.all(`${url}/*`, ({ request }) => {
      const { pathname, search } = new URL(request.url)
      const token = request.headers.get('authorization')
      sent.push({ line: `${request.method} ${pathname}${search}`, token, at: performance.now() })
      return (answers.shift() ?? own)(request)
    }),
  ])
  return async (input, init) => {
    underWay++
    try {
      return await serve(input, init)
    } finally {
      underWay--
    }
  }
}

/** Turns of the event loop in which everything that needs no time is done. */
const TURNS = 20

/** Lets time pass, from timer to timer, until a promise has settled. */
async function played<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  promise.then(settle, settle)
  for (let idle = 0; !isSettled; ) {
    await new Promise((resolve) => setImmediate(resolve))
    idle = underWay > 0 ? 0 : idle + 1
    if (idle < TURNS) continue
    idle = 0
    await vi.advanceTimersToNextTimerAsync()
  }
  return promise
}

const waits = () => sent.slice(1).map(({ at }, index) => Math.round((at - (sent[index]?.at ?? 0)) / 1_000))

describe('GitHub', () => {
  const url = 'https://api.github.com'
  /** Three pages of two issues. */
  const pages: Answer = (request) => {
    const page = Number(new URL(request.url).searchParams.get('page') ?? 1)
    const next = `<${url}/repositories/1/issues?page=${page + 1}>; rel="next", <${url}/x?page=3>; rel="last"`
    const headers = { 'x-ratelimit-remaining': '4990', ...(page < 3 && { link: next }) }
    return HttpResponse.json([{ number: 2 * page - 1 }, { number: 2 * page }], { headers })
  }
  const refusal =
    (status: number, message: string, headers: Record<string, string>): Answer =>
    () =>
      HttpResponse.json({ message }, { status, headers })
  const primary = (seconds: number) =>
    refusal(403, 'API rate limit exceeded for user ID 1.', {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + seconds),
    })

  const numbersOf = async (list: AsyncIterable<{ readonly number: number }>) => {
    const numbers: number[] = []
    for await (const { number } of list) numbers.push(number)
    return numbers
  }
  const libraries = [
    ['ky', listByKy],
    ['axios', listByAxios],
  ] as const

  it.each(libraries)('is read page by page, and waited for at its limits: %s', async (_, list) => {
    const client = github(serverOf(url, pages), 'ghp_token')
    answers = [pages, primary(30), refusal(429, 'You have exceeded a secondary rate limit.', { 'retry-after': '20' })]
    const numbers = await played(numbersOf(list<{ number: number }>(client, '/repos/o/n/issues')))
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6])
    expect(sent.map(({ line }) => line)).toEqual([
      'GET /repos/o/n/issues',
      ...Array(3).fill('GET /repositories/1/issues?page=2'),
      'GET /repositories/1/issues?page=3',
    ])
    // At once, then when the limit begins anew, then when the server has said; a fifth later at most.
    const [next, anew = 0, later = 0] = waits()
    expect(next).toBe(0)
    expect(anew).toBeGreaterThanOrEqual(29)
    expect(anew).toBeLessThanOrEqual(36)
    expect(later).toBeGreaterThanOrEqual(20)
    expect(later).toBeLessThanOrEqual(24)
    expect(new Set(sent.map(({ token }) => token))).toEqual(new Set(['Bearer ghp_token']))
  })

  it.each(libraries)('says how long a limit takes that nobody waits for: %s', async (_, list) => {
    const client = github(serverOf(url, pages), 'ghp_token')
    answers = [primary(3_000)]
    const error = await played(
      numbersOf(list<{ number: number }>(client, '/search/issues?q=x')).catch((thrown) => thrown),
    )
    expect(failureOf(error)).toMatchObject({ code: 'RATE_LIMITED', status: 403, reason: 'max-wait' })
    expect(failureOf(error)?.retryAfter).toBeGreaterThan(2_900_000)
    // Search is counted by itself.
    expect(await played(numbersOf(list<{ number: number }>(client, '/repos/o/n/issues')))).toHaveLength(6)
  })

  it.each(libraries)('is sent nothing while its limit is known to be used up: %s', async (_, list) => {
    const client = github(serverOf(url, pages), 'ghp_token')
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + 3_000),
    }
    answers = [() => HttpResponse.json([{ number: 1 }], { headers })]
    const read = () =>
      played(numbersOf(list<{ number: number }>(client, '/repos/o/n/issues')).catch((thrown: unknown) => thrown))
    expect(await read()).toEqual([1])
    const error = await read()
    expect(isRefused(error) && error.reason).toBe('paused')
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['ky', getIfChangedByKy],
    ['axios', getIfChangedByAxios],
  ] as const)('is asked for what has changed alone: %s', async (_, getIfChanged) => {
    const repository: Answer = (request) =>
      request.headers.get('if-none-match') === '"v1"'
        ? new HttpResponse(null, { status: 304, headers: { etag: '"v1"' } })
        : HttpResponse.json({ stars: 7 }, { headers: { etag: '"v1"' } })
    const client = github(serverOf(url, repository), 'ghp_token')
    const first = await played(getIfChanged<{ stars: number }>(client, '/repos/o/n'))
    expect(first).toEqual({ etag: '"v1"', body: { stars: 7 } })
    expect(await played(getIfChanged(client, '/repos/o/n', first?.etag))).toBeUndefined()
    answers = [refusal(404, 'Not Found', {})]
    const error = await played(getIfChanged(client, '/repos/o/n', '"v1"').catch((thrown: unknown) => thrown))
    expect(failureOf(error)).toMatchObject({ code: 'HTTP_404' })
  })
})

describe('an internal API', () => {
  const url = 'https://orders.internal'
  const ok: Answer = () => HttpResponse.json({ name: 'order' })
  const status =
    (code: number): Answer =>
    () =>
      new HttpResponse(null, { status: code })
  const apiOf = () => {
    let issued = 0
    const token = vi.fn(async () => `token-${++issued}`)
    return { api: internalApi(serverOf(url, ok), url, token), token }
  }
  const libraries = {
    ky: ({ ky }: ReturnType<typeof internalApi>) => ({
      get: (path: string) => ky.get(path).json(),
      post: (path: string) => ky.post(path, { json: { a: 1 } }),
      order: () => orderByKy(ky, { a: 1 }),
    }),
    axios: ({ axios }: ReturnType<typeof internalApi>) => ({
      get: async (path: string) => (await axios.get(path)).data,
      post: (path: string) => axios.post(path, { a: 1 }),
      order: () => orderByAxios(axios, { a: 1 }),
    }),
  }

  it.each(Object.entries(libraries))(
    'is read with one token for all, and a new one when that ends: %s',
    async (_, under) => {
      const { api, token } = apiOf()
      const { get } = under(api)
      await played(Promise.all(Array.from({ length: 20 }, (_, at) => get(`orders/${at}`))))
      expect(token).toHaveBeenCalledTimes(1)
      answers = [status(401), status(503)]
      expect(await played(get('orders/20'))).toEqual({ name: 'order' })
      expect(sent.slice(-3).map(({ token: shown }) => shown)).toEqual([
        'Bearer token-1',
        'Bearer token-2',
        'Bearer token-2',
      ])
      await played(api.close())
    },
  )

  it.each(Object.entries(libraries))('is sent nothing twice that may have been done: %s', async (_, under) => {
    const { api } = apiOf()
    answers = [status(502)]
    const error = await played(
      under(api)
        .post('orders')
        .catch((thrown: unknown) => thrown),
    )
    const failure = failureOf(error)
    expect(isVendorError(failure) && failure.mayBeDone).toBe(true)
    expect(sent).toHaveLength(1)
    await played(api.close())
  })

  it.each(Object.entries(libraries))('is sent an order once more under the key of its own: %s', async (_, under) => {
    const { api } = apiOf()
    const keys: (string | null)[] = []
    const lost: Answer = (request) => {
      keys.push(request.headers.get('idempotency-key'))
      return keys.length === 1 ? HttpResponse.error() : HttpResponse.json({}, { status: 201 })
    }
    answers = [lost, lost]
    await played<unknown>(under(api).order())
    expect(keys).toEqual([expect.any(String), keys[0]])
    await played(api.close())
  })
})
