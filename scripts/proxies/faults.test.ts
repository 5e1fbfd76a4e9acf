import { describe, expect, test } from 'vitest'
import { quick } from './send.ts'
import { throughProxies } from './through-proxies.ts'

throughProxies('a real proxy whose back end fails', (proxy) => {
  describe('a back end that is not there', () => {
    const told =
      proxy.name === 'nginx' ? { code: 'HTTP_502', status: 502 } : { code: 'PROXY_NO_HEALTHY_UPSTREAM', status: 503 }

    test('a GET is repeated to the limit', async () => {
      const { error, attempts, counts } = await proxy.send('GET /dead/work')
      expect(error).toMatchObject({ kind: 'retryable', ...told, reason: 'attempts' })
      expect([attempts, counts.executed]).toEqual([4, 0])
    })

    test.runIf(proxy.name === 'nginx')('a POST is not, for the same reply may come after the work', async () => {
      const { error, attempts, counts } = await proxy.send('POST /dead/work')
      expect(error).toMatchObject({ ...told, reason: 'not-repeatable', mayBeDone: true })
      expect([attempts, counts.executed]).toEqual([1, 0])
    })

    test.runIf(proxy.name === 'haproxy')('a POST is too, for the page says that no server had it', async () => {
      const { error, attempts, counts } = await proxy.send('POST /dead/work')
      expect(error).toMatchObject({ ...told, reason: 'attempts', mayBeDone: false })
      expect([attempts, counts.executed]).toEqual([4, 0])
    })
  })

  describe('a back end that dies after the work', () => {
    test('a POST is not repeated, and its caller is told that it may be done', async () => {
      const { error, attempts, counts } = await proxy.send('POST /die')
      expect(error).toMatchObject({ code: 'HTTP_502', reason: 'not-repeatable', mayBeDone: true })
      expect([attempts, counts.executed]).toEqual([1, 1])
    })

    test('a GET is repeated', async () => {
      const { error, attempts, counts } = await proxy.send('GET /die')
      expect(error).toMatchObject({ code: 'HTTP_502', reason: 'attempts' })
      expect([attempts, counts.executed]).toEqual([4, 4])
    })

    test('a POST that its caller calls idempotent is repeated', async () => {
      const { attempts, counts } = await proxy.send('POST /die', { idempotent: true })
      expect([attempts, counts.executed]).toEqual([4, 4])
    })
  })

  describe('a back end that is too slow', () => {
    test("by the proxy's limit: a 504, and only the GET is repeated", async () => {
      const retry = { limit: 1, ...quick }
      const [post, get] = await Promise.all([
        proxy.send('POST /short/slow?ms=60000', { retry }),
        proxy.send('GET /short/slow?ms=60000', { retry }),
      ])
      expect(post.error).toMatchObject({ code: 'HTTP_504', reason: 'not-repeatable', mayBeDone: true })
      expect([post.attempts, post.counts.executed]).toEqual([1, 1])
      expect(get.error).toMatchObject({ code: 'HTTP_504', reason: 'attempts' })
      expect([get.attempts, get.counts.executed]).toEqual([2, 2])
    })

    test('by our own time-out: the same, under our own name for it', async () => {
      const { error, attempts, counts } = await proxy.send('POST /slow?ms=60000', { timeout: 2_000 })
      expect(error).toMatchObject({ code: 'ATTEMPT_TIMEOUT', reason: 'not-repeatable', mayBeDone: true })
      expect([attempts, counts.executed]).toEqual([1, 1])
    })
  })

  describe('a reply that is cut short', () => {
    test.each(['GET', 'POST'])(
      'of a %s fails while it is read, and nothing is repeated behind the reader',
      async (method) => {
        const { response, attempts, counts } = await proxy.send(`${method} /trunc`)
        await expect(response?.text()).rejects.toThrow()
        expect([attempts, counts.executed]).toEqual([1, 1])
      },
    )

    test('its status is judged all the same where it tells of a failure', async () => {
      const { error, attempts } = await proxy.send('POST /trunc?status=404')
      expect(error).toMatchObject({ kind: 'fatal', code: 'HTTP_404', status: 404 })
      expect(attempts).toBe(1)
    })
  })

  test('words that are not HTTP: a POST is not repeated, and may be done', async () => {
    const { error, attempts, counts } = await proxy.send('POST /not-http')
    expect(error).toMatchObject({ mayBeDone: true })
    expect([attempts, counts.executed]).toEqual([1, 1])
  })

  test('a connection closed without a reply: a GET is repeated, a POST is not', async () => {
    const get = await proxy.send('GET /drop/work')
    expect(get.error).toMatchObject({ kind: 'retryable', code: 'UND_ERR_SOCKET', reason: 'attempts' })
    expect(get.attempts).toBe(4)
    const post = await proxy.send('POST /drop/work')
    expect(post.error).toMatchObject({ code: 'UND_ERR_SOCKET', reason: 'not-repeatable', mayBeDone: true })
    expect(post.attempts).toBe(1)
  })

  test('a POST that is too large fails at once, undone', async () => {
    const { error, attempts, counts } = await proxy.send('POST /small/work', { body: 'x'.repeat(3_000) })
    expect(error).toMatchObject({ kind: 'fatal', code: 'HTTP_413', mayBeDone: false })
    expect([attempts, counts.executed]).toEqual([1, 0])
  })

  // The proxy answers and closes while the body is still under proxy: the client sees the 413 or the broken pipe.
  test('a POST that is far too large is not sent twice', async () => {
    const { error, attempts, counts } = await proxy.send('POST /small/work', { body: 'x'.repeat(3_000_000) })
    expect(error?.reason).toMatch(/^(fatal|not-repeatable)$/)
    expect(error?.mayBeDone).toBe(error?.code !== 'HTTP_413')
    expect([attempts, counts.executed]).toEqual([1, 0])
  })

  test.runIf(proxy.name === 'haproxy')(
    'silence: a POST ends with our time-out and may be done, a GET is repeated',
    async () => {
      const options = { timeout: 150, retry: { limit: 1, ...quick } }
      const post = await proxy.send('POST /blackhole/work', options)
      expect(post.error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
      expect(post.attempts).toBe(1)
      const get = await proxy.send('GET /blackhole/work', options)
      expect(get.error).toMatchObject({ kind: 'retryable', reason: 'attempts' })
      expect(get.attempts).toBe(2)
    },
  )

  test.runIf(proxy.name === 'haproxy')('a tarpit: its late 503 says that no server had the POST', async () => {
    const { error, attempts, counts } = await proxy.send('POST /tarpit/work', { retry: { limit: 1, ...quick } })
    expect(error).toMatchObject({ code: 'PROXY_NO_HEALTHY_UPSTREAM', reason: 'attempts', mayBeDone: false })
    expect([attempts, counts.executed]).toEqual([2, 0])
  })
})
