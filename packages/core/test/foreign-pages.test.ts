import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { defineCatalogue, defineVendor } from '../src/plugin.ts'
import { inParts } from './helpers/parts.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, fine, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

const vendor = defineVendor({
  name: 'jsonic',
  catalogue: defineCatalogue('jsonic', []),
  parse: () => undefined,
  answersNoPage: ({ path }) => !path.startsWith('/files'),
})

const page = '\n<!DOCTYPE html><html><head><title>We will be back soon</title></head><body>Maintenance</body></html>'
const answer =
  (body: BodyInit | null = page, { status = 200, type = 'text/html; charset=utf-8' } = {}): Answer =>
  () =>
    new Response(body, { status, headers: { 'content-type': type } })

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a page in place of an answer', () => {
  it.each([
    ['of maintenance', page],
    ['of a sign-in', '<html lang="en"><body><form action="/login"></form></body></html>'],
    ['after a comment', '<!-- (c) --> <!doctype HTML>\n<html></html>'],
    ['in XHTML', '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html/>'],
  ])('fails a GET, which is sent again: one %s', async (_, body) => {
    const { fetch, sent } = stubFetch(answer(body), fine)
    const got = await played(resilient(fetch, { vendor })(url))
    expect([await got.text(), sent.length]).toEqual(['fine', 2])
  })

  it('ends a POST, which may be done', async () => {
    const { fetch, sent } = stubFetch(answer(), fine)
    const error = await failure(resilient(fetch, { vendor })(url, { method: 'POST' }))
    expect(error).toMatchObject({
      code: 'FOREIGN_PAGE',
      kind: 'retryable',
      outcome: 'unknown',
      mayBeDone: true,
      status: 200,
      hint: expect.stringContaining('page'),
    })
    expect(sent).toHaveLength(1)
  })

  it('waits as long as it says', async () => {
    const maintenance: Answer = () =>
      new Response(page, { headers: { 'content-type': 'text/html', 'retry-after': '7' } })
    const { fetch, sent } = stubFetch(maintenance, fine)
    await played(resilient(fetch, { vendor })(url))
    expect((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0)).toBeGreaterThanOrEqual(7_000)
  })
})

describe('an answer stays one', () => {
  it.each([
    ['without a body, whose type nobody has set', url, answer('')],
    ['with the text of its status', url, answer('<html><h1>202 Accepted</h1></html>', { status: 202 })],
    ['that is JSON in spite of its type', url, answer('{"title": "<html>"}')],
    ['of another type', url, answer(page, { type: 'application/json' })],
    ['where pages are possible', 'https://api.example/files/index.html', answer()],
  ])('%s', async (_, at, reply) => {
    const { fetch, sent } = stubFetch(reply)
    const got = await resilient(fetch, { vendor })(at)
    expect(got.ok).toBe(true)
    expect(sent).toHaveLength(1)
  })

  it('to a client without a vendor, and to a vendor that has not said so', async () => {
    const { fetch } = stubFetch(answer(), answer())
    const { answersNoPage, ...silent } = vendor
    expect(await (await resilient(fetch)(url)).text()).toBe(page)
    expect(await (await resilient(fetch, { vendor: silent })(url)).text()).toBe(page)
  })

  it('that is not read ahead where pages are possible', async () => {
    const pulled: number[] = []
    const file: Answer = () =>
      new Response(
        inParts('x'.repeat(500_000), (sent) => pulled.push(sent)),
        { headers: { 'content-type': 'text/html' } },
      )
    await resilient(stubFetch(file).fetch, { vendor })('https://api.example/files/a.html')
    expect(pulled.at(-1) ?? 0).toBeLessThan(300_000)
  })
})
