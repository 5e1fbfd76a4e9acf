import { describe, expect, test } from 'vitest'
import { quick } from './send.ts'
import { throughProxies } from './through-proxies.ts'

throughProxies('a real proxy that asks for time', (proxy) => {
  describe('a rate limit', () => {
    test('turns a POST away until its Retry-After is over; it is repeated then, not sooner', async () => {
      const what = 'POST /limited/work?after=1&key=post'
      const both = await Promise.all([proxy.send(what), proxy.send(what)])
      expect(both.map(({ response, counts }) => [response?.status, counts.executed])).toEqual([
        [200, 1],
        [200, 1],
      ])
      const waits = both.flatMap((result) => result.waits)
      expect(waits.length).toBeGreaterThan(0)
      expect(waits.every(({ reason, ms }) => reason === 'server-hint' && ms >= 1_000)).toBe(true)
      expect(Math.min(...both.flatMap(({ gaps }) => gaps))).toBeGreaterThanOrEqual(1_000)
    })

    test.runIf(proxy.name === 'nginx')('that puts Retry-After on its successes too does not delay them', async () => {
      const { response, attempts, waits } = await proxy.send('POST /limited/work?after=1&key=success')
      expect([response?.status, response?.headers.get('retry-after')]).toEqual([200, '1'])
      expect([attempts, waits]).toEqual([1, []])
    })

    test.each(['soon', 'past', '-1'])('with a Retry-After that says nothing (%s) is met by back-off', async (after) => {
      const what = `POST /limited-fast/work?after=${after}&key=${after}`
      const retry = { limit: 9, jitter: 'none', ...quick } as const
      const both = await Promise.all([proxy.send(what, { retry }), proxy.send(what, { retry })])
      expect(both.map(({ response, counts }) => [response?.status, counts.executed])).toEqual([
        [200, 1],
        [200, 1],
      ])
      const waits = both.flatMap((result) => result.waits)
      expect(waits.length).toBeGreaterThan(0)
      expect(waits.every(({ reason }) => reason === 'back-off')).toBe(true)
    })
  })

  describe('a back end that turns requests away', () => {
    test.each(['1', 'date'])(
      'with 429 and Retry-After %s: a POST comes back, never early, and is done once',
      async (after) => {
        const { response, attempts, counts } = await proxy.send(`POST /refuse?status=429&after=${after}`)
        expect(response?.status).toBe(200)
        expect([attempts, counts.executed, counts.early]).toEqual([2, 1, 0])
      },
    )

    test('with 429 and Retry-After 0: a POST comes back', async () => {
      const { response, attempts, counts } = await proxy.send('POST /refuse?status=429&after=0&times=2')
      expect(response?.status).toBe(200)
      expect([attempts, counts.executed]).toEqual([3, 1])
    })

    test('with 503 and Retry-After 1: a GET comes back, never early', async () => {
      const { response, attempts, counts } = await proxy.send('GET /refuse?status=503&after=1')
      expect(response?.status).toBe(200)
      expect([attempts, counts.executed, counts.early]).toEqual([2, 1, 0])
    })

    test('with 503 and Retry-After 1: a POST does not, for a bare 503 proves nothing', async () => {
      const { error, attempts, counts } = await proxy.send('POST /refuse?status=503&after=1')
      expect(error).toMatchObject({ code: 'HTTP_503', reason: 'not-repeatable', mayBeDone: true, retryAfter: 1_000 })
      expect([attempts, counts.executed]).toEqual([1, 0])
    })
  })

  describe('maintenance', () => {
    test.each(['maint', 'maintjson'])(
      '/%s: a wait that does not fit fails at once and says when to return',
      async (page) => {
        const { error, attempts } = await proxy.send(`GET /${page}/work?after=2`, { totalTimeout: 1_500 })
        expect(error).toMatchObject({ code: 'HTTP_503', reason: 'deadline' })
        expect(error?.retryAfter).toBeGreaterThanOrEqual(2_000)
        expect(attempts).toBe(1)
      },
    )

    test.each(['soon', 'past'])('with Retry-After %s is met by back-off, to the limit', async (after) => {
      const { error, attempts, waits } = await proxy.send(`GET /maint/work?after=${after}`)
      expect(error).toMatchObject({ code: 'HTTP_503', reason: 'attempts' })
      expect([attempts, waits.length]).toEqual([4, 3])
      expect(waits.every(({ reason, ms }) => reason === 'back-off' && ms <= 100)).toBe(true)
    })

    test('that ends meanwhile: a GET sees it through', async () => {
      await proxy.front.maintain(true)
      const { response, attempts, counts } = await proxy.send('GET /window/work', {
        meanwhile: () => proxy.front.maintain(false),
      })
      expect([response?.status, attempts, counts.executed]).toEqual([200, 2, 1])
    })

    test.runIf(proxy.name === 'nginx')('a POST does not try', async () => {
      await proxy.front.maintain(true)
      const { error, counts } = await proxy.send('POST /window/work')
      await proxy.front.maintain(false)
      expect(error).toMatchObject({ code: 'HTTP_503', reason: 'not-repeatable', mayBeDone: true })
      expect(counts.executed).toBe(0)
    })

    test.runIf(proxy.name === 'haproxy')('a POST that no server had sees it through', async () => {
      await proxy.front.maintain(true)
      const { response, attempts, counts } = await proxy.send('POST /window/work', {
        meanwhile: () => proxy.front.maintain(false),
      })
      expect([response?.status, attempts, counts.executed]).toEqual([200, 2, 1])
    })
  })

  describe('a full queue', () => {
    // A 503 is met by slow back-off.
    const backoff = { ...quick.backoff, slow: { base: 100, limit: 1_000 } }
    const retry = { limit: 9, backoff, jitter: 'none' } as const
    const path = `/queue/slow?ms=350&key=${proxy.name}`

    test.runIf(proxy.name === 'nginx')('turns POSTs away undone, which nobody can know', async () => {
      const { promise: two, resolve } = Promise.withResolvers<void>()
      let away = 0
      const sent = [1, 2, 3].map(async () => {
        const result = await proxy.send('POST /queue/held?key=post')
        if (++away === 2) resolve()
        return result
      })
      await two
      proxy.release()
      const posts = await Promise.all(sent)
      const done = posts.filter(({ response }) => response !== undefined)
      expect(done).toHaveLength(1)
      expect(posts.map(({ counts }) => counts.executed).sort()).toEqual([0, 0, 1])
      for (const { error } of posts.filter((post) => !done.includes(post))) {
        expect(error).toMatchObject({ code: 'HTTP_503', reason: 'not-repeatable', mayBeDone: true })
      }
    })

    test.runIf(proxy.name === 'haproxy')('turns POSTs away and says so: they find their turn', async () => {
      const posts = await Promise.all([1, 2, 3].map(() => proxy.send(`POST ${path}`, { retry })))
      expect(posts.map(({ response }) => response?.status)).toEqual([200, 200, 200])
      expect(posts.map(({ counts }) => counts.executed)).toEqual([1, 1, 1])
    })

    test('GETs find their turn', async () => {
      const gets = await Promise.all([1, 2].map(() => proxy.send(`GET ${path}`, { retry })))
      expect(gets.map(({ response }) => response?.status)).toEqual([200, 200])
      expect(gets.map(({ counts }) => counts.executed)).toEqual([1, 1])
    })
  })
})
