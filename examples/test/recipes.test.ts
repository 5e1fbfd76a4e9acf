import { type Classify, failureOf, type ResilientFetch, resilient } from '@holdfast/core'
import { fetchFrom } from '@holdfast/testing'
import axios from 'axios'
import { Hono } from 'hono'
import { hc } from 'hono/client'
import { HttpResponse, http } from 'msw'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { anthropicOver } from '../recipes/anthropic.ts'
import { axiosOver } from '../recipes/axios.ts'
import { graphqlOver } from '../recipes/graphql-request.ts'
import { heyApiOver } from '../recipes/hey-api.ts'
import { honoOptions } from '../recipes/hono.ts'
import { octokitOver } from '../recipes/octokit.ts'
import { ofetchOver } from '../recipes/ofetch.ts'
import { openaiOver } from '../recipes/openai.ts'
import { openapiOver } from '../recipes/openapi-fetch.ts'
import { queryClient } from '../recipes/tanstack-query.ts'

const url = 'https://api.example'

/** Requests by method, and the statuses with which the next of them are answered before they succeed. */
let requests: string[]
let failing: number[]
let client: ResilientFetch

beforeEach(() => {
  requests = []
  failing = []
  client = resilient(fetchFrom([http.all(`${url}/*`, answer)]), {
    retry: { limit: 2, backoff: { fast: { base: 1, limit: 1 } } },
  })
})

const answer = ({ request }: { readonly request: Request }) => {
  requests.push(`${request.method} ${new URL(request.url).pathname}`)
  const status = failing.shift()
  return status === undefined
    ? HttpResponse.json({ name: 'web-1', data: { name: 'web-1' } })
    : HttpResponse.json({ message: 'not now' }, { status })
}

interface Paths {
  '/machines/{id}': {
    get: {
      parameters: { path: { id: string } }
      responses: { 200: { content: { 'application/json': { name: string } } } }
    }
    post: {
      parameters: { path: { id: string } }
      responses: { 200: { content: { 'application/json': { name: string } } } }
    }
  }
}

const app = new Hono()
  .get('/machines/:id', (c) => c.json({ name: 'web-1' }))
  .post('/machines/:id', (c) => c.json({ name: '' }))

/** A way to read and to make something with each library. What it returns or throws tells of a failure. */
type Ways = { readonly read: () => Promise<unknown>; readonly write: () => Promise<unknown> }

const libraries: Readonly<Record<string, () => Ways>> = {
  axios() {
    const api = axiosOver(client, { baseURL: url })
    return {
      read: () => api.get('/machines/7').then(({ data }) => data),
      write: () => api.post('/machines/7', { a: 1 }),
    }
  },
  ofetch() {
    const api = ofetchOver(client, url)
    return { read: () => api('/machines/7'), write: () => api('/machines/7', { method: 'POST', body: { a: 1 } }) }
  },
  'openapi-fetch'() {
    const api = openapiOver<Paths>(client, url)
    const params = { path: { id: '7' } }
    return {
      read: () => api.GET('/machines/{id}', { params }).then(({ data }) => data),
      write: () => api.POST('/machines/{id}', { params }).then(({ response }) => response),
    }
  },
  'hey-api'() {
    const api = heyApiOver(client, url)
    const at = { url: '/machines/{id}', path: { id: '7' } }
    return {
      read: () => api.get(at).then(({ data }) => data),
      write: () => api.post({ ...at, body: { a: 1 } }).then(({ response }) => response),
    }
  },
  octokit() {
    const api = octokitOver(client, url, 'token')
    return {
      read: () => api.request('GET /machines/7').then(({ data }) => data),
      write: () => api.request('POST /machines/7'),
    }
  },
  openai() {
    const api = openaiOver(client, url, 'key')
    return { read: () => api.get('/machines/7'), write: () => api.post('/machines/7', { body: { a: 1 } }) }
  },
  anthropic() {
    const api = anthropicOver(client, url, 'key')
    return { read: () => api.get('/machines/7'), write: () => api.post('/machines/7', { body: { a: 1 } }) }
  },
  hono() {
    const api = hc<typeof app>(url, honoOptions(client)).machines[':id']
    const at = { param: { id: '7' } }
    return { read: async () => (await api.$get(at)).json(), write: () => api.$post(at) }
  },
}

describe.each(Object.entries(libraries))('%s', (_, ways) => {
  it('gets what comes after two failures', async () => {
    failing = [503, 502]
    expect(await ways().read()).toMatchObject({ name: 'web-1' })
    expect(requests).toEqual(Array(3).fill('GET /machines/7'))
  })

  it('sends nothing twice whose outcome is unknown, and says so', async () => {
    failing = [502]
    const failed = await ways()
      .write()
      .catch((error: unknown) => error)
    expect(failureOf(failed)).toMatchObject({ code: 'HTTP_502', mayBeDone: true, reason: 'not-repeatable' })
    expect(requests).toEqual(['POST /machines/7'])
  })
})

describe('octokit', () => {
  it('takes the options of one call in `request`', async () => {
    failing = [502]
    const request = { resilience: { idempotent: true } }
    expect(await octokitOver(client, url, 'token').request('POST /machines/7', { request })).toMatchObject({
      status: 200,
    })
    expect(requests).toHaveLength(2)
  })
})

describe('axios', () => {
  it('keeps its own errors, with the verdict as their cause', async () => {
    failing = [410]
    const error = await axiosOver(client, { baseURL: url })
      .get('/machines/7')
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      name: 'AxiosError',
      response: { status: 410, data: { message: 'not now' } },
      cause: { code: 'HTTP_410', kind: 'fatal' },
    })
  })
})

describe('axios over a client that finds failures inside a 200', () => {
  it('does not take them for successes', async () => {
    const classify: Classify = ({ json }) =>
      (json as { error?: unknown })?.error ? { code: 'SOLD_OUT', kind: 'fatal' } : undefined
    const selling = resilient(async () => Response.json({ error: 'sold out' }), { classify })
    const error = await axiosOver(selling, { baseURL: url })
      .get('/machines/7')
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ isAxiosError: true, message: expect.stringContaining('SOLD_OUT') })
    expect(failureOf(error)).toMatchObject({ code: 'SOLD_OUT', status: 200 })
  })
})

describe('axios over `client.fetch` alone', () => {
  it('has a verdict behind its errors, and none behind those that are not ours', async () => {
    const api = axios.create({ baseURL: url, adapter: 'fetch', env: { fetch: client.fetch } })
    failing = [410]
    const error = await api.get('/machines/7').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'AxiosError', response: { status: 410 } })
    expect(failureOf(error)).toMatchObject({ code: 'HTTP_410', kind: 'fatal' })
    const unparsed = await api.get('/machines/7', { validateStatus: () => false }).catch((thrown: unknown) => thrown)
    expect(unparsed).toMatchObject({ name: 'AxiosError' })
    expect(failureOf(unparsed)).toBeUndefined()
  })
})

describe('graphql-request', () => {
  it('repeats a query that its caller calls idempotent, and no other', async () => {
    failing = [502, 502]
    const failed = await graphqlOver(client, `${url}/graphql`)
      .request('{ name }')
      .catch((error: unknown) => error)
    expect(failureOf(failed)).toMatchObject({ code: 'HTTP_502', mayBeDone: true })
    const reading = graphqlOver(client.extend({ idempotent: true }), `${url}/graphql`)
    expect(await reading.request('{ name }')).toEqual({ name: 'web-1' })
    expect(requests).toHaveLength(3)
  })
})

describe('TanStack Query', () => {
  it('does not repeat what a resilient client has given up', async () => {
    failing = [404, 404, 404, 404]
    const queryFn = vi.fn(async () => (await client(`${url}/machines/7`)).json())
    await expect(queryClient().fetchQuery({ queryKey: ['machine'], queryFn })).rejects.toSatisfy(
      (error) => failureOf(error)?.code === 'HTTP_404',
    )
    expect(queryFn).toHaveBeenCalledTimes(1)
  })
})

describe('the errors of an SDK', () => {
  it.each(['octokit', 'openai', 'anthropic'])('stay its own, with the status of the reply: %s', async (name) => {
    failing = [404]
    const error = await libraries[name]?.()
      .read()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ status: 404 })
    expect(failureOf(error)).toMatchObject({ code: 'HTTP_404' })
  })

  it('is the verdict where there is only a body to throw: hey-api', async () => {
    failing = [404]
    const api = heyApiOver(client, url)
    const error = await api.get({ url: '/machines/7', throwOnError: true }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'VendorError', code: 'HTTP_404' })
    failing = [404]
    expect((await api.get({ url: '/machines/7' })).error).toEqual({ message: 'not now' })
  })

  it('say what GraphQL says in a 200, with the verdict of `classify` behind it', async () => {
    const classify: Classify = ({ json }) =>
      (json as { errors?: unknown })?.errors ? { code: 'GRAPHQL_ERROR', kind: 'fatal' } : undefined
    const refusing = resilient(async () => Response.json({ errors: [{ message: 'no such field' }] }), { classify })
    const error = await graphqlOver(refusing, `${url}/graphql`)
      .request('{ nothing }')
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ response: { status: 200, errors: [{ message: 'no such field' }] } })
    expect(failureOf(error)).toMatchObject({ code: 'GRAPHQL_ERROR' })
  })
})
