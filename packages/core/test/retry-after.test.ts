import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { retryAfter } from '../src/classify/retry-after.ts'
import { resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const NOW = Date.UTC(2026, 4, 6, 12, 0, 0)
const read = (headers: HeadersInit) => retryAfter(new Headers(headers))

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})

describe('reading when to come back', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    ['120', 120_000],
    ['0.5', 500],
    [' 7 ', 7_000],
    ['007', 7_000],
  ])('takes %j for seconds', (value, ms) => {
    expect(read({ 'retry-after': value })).toBe(ms)
  })

  it.each(['Wed, 06 May 2026 12:01:30 GMT', 'Wednesday, 06-May-26 12:01:30 GMT', 'Wed May  6 12:01:30 2026'])(
    'takes %j for a date',
    (value) => {
      expect(read({ 'retry-after': value })).toBe(90_000)
    },
  )

  it('takes a date that has passed for "now"', () => {
    expect(read({ 'retry-after': 'Wed, 06 May 2026 11:59:00 GMT' })).toBe(0)
    expect(read({ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' })).toBe(0)
  })

  it('measures a date by the clock of the server that set it', () => {
    const headers = { date: 'Wed, 06 May 2026 11:50:00 GMT', 'retry-after': 'Wed, 06 May 2026 11:50:20 GMT' }
    expect(read(headers)).toBe(20_000)
    vi.setSystemTime(Date.UTC(2026, 4, 6, 11, 50, 15))
    expect(read({ ...headers, date: 'yesterday' })).toBe(5_000)
  })

  it.each(['retry-after-ms', 'x-ms-retry-after-ms'])(
    'takes %s for milliseconds, and the longer word where there are seconds, too',
    (name) => {
      expect(read({ [name]: '250' })).toBe(250)
      expect(read({ [name]: '250', 'retry-after': '60' })).toBe(60_000)
      expect(read({ [name]: '2500', 'retry-after': '2' })).toBe(2_500)
      expect(read({ [name]: '250', 'retry-after': 'Wed, 06 May 2026 12:01:30 GMT' })).toBe(90_000)
      expect(read({ [name]: 'soon', 'retry-after': '60' })).toBe(60_000)
    },
  )

  it.each([
    '-1',
    '-0',
    '+5',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '10s',
    '10, soon',
    '10,',
    '5 minutes',
    '',
    'tomorrow',
    '2026-05-06',
    '2026-05-06T12:01:30Z',
    'Wed, 06 May 2026 25:01:30 GMT',
    'Wed, 06 May 2026 12:01:30 +0200',
    'Wed, 31 Feb 2027 12:01:30 GMT',
    'Wed, 06 May 2026 12:01:30 GMT, soon',
    '60, Wed, 06 May 2026 25:01:30 GMT',
    '5 6',
    '1.5.0',
    '1,5 s',
    '9'.repeat(400),
    '99999999999999999',
  ])('reads nothing out of %j', (value) => {
    expect(read({ 'retry-after': value })).toBeUndefined()
  })

  it('takes the longest of several', () => {
    const [service, proxy] = ['5', '60']
    for (const [first, second] of [[service, proxy] as const, [proxy, service] as const]) {
      const headers = new Headers({ 'retry-after': first })
      headers.append('retry-after', second)
      expect(retryAfter(headers)).toBe(60_000)
    }
    expect(read({ 'retry-after': '120, 120' })).toBe(120_000)
    expect(read({ 'retry-after-ms': '40, 70' })).toBe(70)
  })

  it('takes the longest of dates, and of dates and seconds', () => {
    const [sooner, later] = ['Wed, 06 May 2026 12:01:30 GMT', 'Wednesday, 06-May-26 12:05:00 GMT']
    expect(read({ 'retry-after': `${later}, ${sooner}` })).toBe(300_000)
    expect(read({ 'retry-after': `120, ${sooner}` })).toBe(120_000)
    expect(read({ 'retry-after': `${later},Wed May  6 12:01:30 2026, 0` })).toBe(300_000)
  })

  it.each(['retry-after', 'retry-after-ms'])('takes a time since the epoch for the date that it is: %s', (name) => {
    const inMs = String(NOW + 90_000)
    expect(read({ [name]: inMs })).toBe(90_000)
    expect(read({ [name]: inMs, date: 'Wed, 06 May 2026 12:01:00 GMT' })).toBe(30_000)
    expect(read({ [name]: '1000000000000' })).toBe(0)
    if (name === 'retry-after-ms') return
    expect(read({ [name]: String(NOW / 1_000 + 90) })).toBe(90_000)
    expect(read({ [name]: '1000000000' })).toBe(0)
    expect(read({ [name]: '999999999' })).toBe(999_999_999_000)
  })

  it('reads nothing where nothing stands', () => {
    expect(read({})).toBeUndefined()
  })

  it('gives no negative time and no NaN, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const headers = { get: (name: string) => (name === 'retry-after' ? one : name === 'date' ? other : null) }
        const ms = retryAfter(headers as Headers)
        expect(ms === undefined || ms >= 0).toBe(true)
      }),
    )
  })

  it('gives a time that can be counted, whatever digits stand there', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{1,500}(\.\d{0,9})?$/),
        fc.constantFrom('retry-after', 'retry-after-ms'),
        (digits, name) => {
          const ms = read({ [name]: digits })
          expect(ms === undefined || (ms >= 0 && ms <= Number.MAX_SAFE_INTEGER)).toBe(true)
        },
      ),
    )
  })

  it('reads any date of HTTP back to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 * 365 * 86_400 }), (ahead) => {
        const at = new Date(NOW + ahead * 1_000)
        expect(read({ 'retry-after': at.toUTCString() })).toBe(ahead * 1_000)
      }),
    )
  })
})

describe('a server that says when to come back', () => {
  const url = 'https://api.example/things'

  it('is obeyed although our own back-off ends far below', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    // With the pause that all callers share it would be kept anyway; here the call's own wait is looked at.
    for (const options of [{}, { pause: false as const }]) {
      const { fetch, sent } = stubFetch(reply(503, null, { 'retry-after': '90' }), fine)
      await played(resilient(fetch, options)(url))
      expect(gaps(sent)).toEqual([90_000])
    }
  })

  it('is never asked earlier than it said, and at most a fifth later', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const { fetch, sent } = stubFetch(reply(429, null, { 'retry-after': '10' }), fine)
    await played(resilient(fetch)(url))
    expect(gaps(sent)).toEqual([11_998])
  })

  it('may speak in milliseconds', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { fetch, sent } = stubFetch(reply(429, null, { 'retry-after-ms': '40' }), fine)
    await played(resilient(fetch)(url))
    expect(gaps(sent)).toEqual([40])
  })

  it('is backed off from by the curve where it says "now" or nothing readable', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const { fetch, sent } = stubFetch(
      reply(429, null, { 'retry-after': '0' }),
      reply(429, null, { 'retry-after': '-30' }),
      reply(429, null, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
      fine,
    )
    await played(resilient(fetch, { limits: false })(url))
    expect(gaps(sent)).toEqual([250, 500, 1_000])
  })

  it('fails the call at once, and says when to return, where the wait does not fit into the time left', async () => {
    const { fetch, sent } = stubFetch(reply(503, null, { 'retry-after': '120' }))
    const error = await failure(resilient(fetch, { totalTimeout: 60_000 })(url))
    expect(error).toMatchObject({ reason: 'deadline', retryAfter: 120_000, code: 'HTTP_503' })
    expect(sent).toHaveLength(1)
    expect(performance.now()).toBeLessThan(1_000)
  })

  it('is not mistaken for a second where it asks for centuries', async () => {
    const { fetch, sent } = stubFetch(reply(503, null, { 'retry-after': '99999999999' }))
    const error = await failure(resilient(fetch, { totalTimeout: false })(url))
    expect(error).toMatchObject({ reason: 'deadline', retryAfter: 99_999_999_999_000 })
    expect(sent).toHaveLength(1)
  })

  it('makes no error retryable that is none', async () => {
    const { fetch, sent } = stubFetch(reply(413, null, { 'retry-after': '0' }))
    expect(await failure(resilient(fetch)(url))).toMatchObject({ code: 'HTTP_413', reason: 'fatal' })
    expect(sent).toHaveLength(1)
  })

  it('makes a content that is too large one that is so for now', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { fetch, sent } = stubFetch(reply(413, null, { 'retry-after': '30' }), fine)
    const upload = played(resilient(fetch)(url, { method: 'POST', body: 'much' }))
    await expect(upload).resolves.toMatchObject({ status: 200 })
    expect(gaps(sent)).toEqual([30_000])
  })

  it('delays no success', async () => {
    const { fetch, sent } = stubFetch(reply(200, 'done', { 'retry-after': '30' }))
    const response = await played(resilient(fetch)(url))
    expect(await response.text()).toBe('done')
    expect(sent).toHaveLength(1)
  })

  it('is not waited for where nobody can count so far', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const nines = '9'.repeat(400)
    const { fetch, sent } = stubFetch(
      reply(503, null, { 'retry-after': nines }),
      says('BELT_BUSY', { params: ['3', nines] }),
      says('BELT_BUSY', { params: ['3', '0x10'] }),
      fine,
    )
    await played(resilient(fetch, { vendor: depot() })(url))
    expect(gaps(sent)).toEqual([250, 500, 1_000])
  })

  it.each<[string, unknown, number]>([
    ['seconds', '4', 4_000],
    ['seconds as a number', 4, 4_000],
    ['a fraction', ' 1.5 ', 1_500],
    ['a time since the epoch', String(NOW / 1_000 + 4), 4_000],
    ['white space', ' ', 0],
    ['nothing', '', 0],
    ['a negative number', -4, 0],
    ['no number', Number.NaN, 0],
    ['a word', 'soon', 0],
    ['the truth', true, 0],
    ['a list', ['4'], 0],
    ['a number of another kind', '4e3', 0],
  ])('may say so in its own words: %s', async (_name, word, ms) => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const busy = says('BELT_BUSY', { params: ['3', word] })
    const { fetch, sent } = stubFetch(busy, fine)
    await played(resilient(fetch, { vendor: depot() })(url))
    expect(gaps(sent)).toEqual([ms])
  })

  it.each([-5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, null, '60'])(
    'is not believed where its vendor reads %j out of a body',
    async (retryAfter) => {
      vi.spyOn(Math, 'random').mockReturnValue(0.5)
      const parse = () => ({ code: 'BELT_BUSY', retryAfter: retryAfter as number })
      const { fetch, sent } = stubFetch(reply(400), fine)
      const vendor = depot({ parse: (reply) => (reply.status === 400 ? parse() : undefined) })
      await played(resilient(fetch, { vendor })(url))
      expect(gaps(sent)).toEqual([250])
    },
  )

  it('is waited for as long as the longest of its words says', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const busy = (seconds: string, headers: HeadersInit) => says('BELT_BUSY', { params: ['3', seconds], headers })
    const { fetch, sent } = stubFetch(busy('4', { 'retry-after': '2' }), busy('1', { 'retry-after': '6' }), fine)
    await played(resilient(fetch, { vendor: depot() })(url))
    expect(gaps(sent)).toEqual([4_000, 6_000])
  })
})
