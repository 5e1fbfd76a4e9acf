import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { quotaOf } from '../src/classify/rate-limit/quota.ts'
import { resetAfter } from '../src/classify/rate-limit/reset.ts'
import type { RateLimitRules } from '../src/contract/rate-limit/rules.ts'

const NOW = Date.UTC(2026, 4, 6, 12, 0, 0)
const read = (headers: HeadersInit, status = 200, rules?: RateLimitRules) =>
  quotaOf({ status, headers: new Headers(headers) }, rules)

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})

describe('the time at which a limit begins anew', () => {
  it.each<[string, string, number | undefined]>([
    ['seconds', '50', 50_000],
    ['seconds with a fraction', '1.5', 1_500],
    ['seconds since the epoch', String(NOW / 1_000 + 90), 90_000],
    ['seconds since the epoch with a fraction, as Discord', `${NOW / 1_000 + 1}.470`, 1_470],
    ['milliseconds since the epoch', String(NOW + 90_000), 90_000],
    ['what has passed', String(NOW / 1_000 - 90), 0],
    ['a duration of seconds, as OpenAI', '1s', 1_000],
    ['a duration of minutes, as OpenAI', '6m0s', 360_000],
    ['a duration of milliseconds', '20ms', 20],
    ['a duration of hours', '1h2m3.5s', 3_723_500],
    ['a date of RFC 3339, as Anthropic', '2026-05-06T12:01:30Z', 90_000],
    ['a date of RFC 3339 with an offset', '2026-05-06T14:01:30+02:00', 90_000],
    ['a date of ISO 8601 without seconds', '2026-05-06T12:01Z', 60_000],
    ['a date of HTTP', 'Wed, 06 May 2026 12:01:30 GMT', 90_000],
    ['the latest of several', '5, 60', 60_000],
    ['a year and more', String(400 * 86_400), undefined],
    ['a time that is neither', '99999999999', undefined],
    ['a time below 0', '-5', undefined],
    ['no number', 'NaN', undefined],
    ['a number beyond all', '1e309', undefined],
    ['400 digits', '9'.repeat(400), undefined],
    ['nothing', '', undefined],
    ['one of several that cannot be read', '5, soon', undefined],
    ['no date', '2026-99-99T99:99:99Z', undefined],
  ])('is read: %s', (_, text, ms) => {
    expect(resetAfter(text, NOW)).toBe(ms)
  })
})

describe('the rest of a rate limit', () => {
  it.each<[string, HeadersInit, object | undefined]>([
    [
      'the IETF’s field',
      { ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"burst";q=9;w=1, "default";q=100;w=60' },
      { remaining: 50, resetAfter: 30_000, limit: 100 },
    ],
    ['its names without quotes', { ratelimit: 'default;r=50;t=30' }, { remaining: 50, resetAfter: 30_000 }],
    [
      'the limit that is used up',
      { ratelimit: '"day";r=0;t=900, "hour";r=5;t=60' },
      { remaining: 0, resetAfter: 900_000 },
    ],
    [
      'the limit that begins anew last',
      { ratelimit: '"a";r=0;t=5, "b";r=0;t=60' },
      { remaining: 0, resetAfter: 60_000 },
    ],
    ['the one with least left', { ratelimit: '"a";r=70;t=5, "b";r=7;t=60' }, { remaining: 7, resetAfter: 60_000 }],
    [
      'further parameters, of every type',
      { ratelimit: '"a;r=9,\\"";pk=:c2VjcmV0:;note="r=1;t=2, x";flag ; r=3;t=4' },
      { remaining: 3, resetAfter: 4_000 },
    ],
    [
      'the draft’s seventh version',
      { ratelimit: 'limit=100, remaining=0, reset=5' },
      { remaining: 0, resetAfter: 5_000, limit: 100 },
    ],
    [
      'the three fields before it',
      { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '7', 'ratelimit-reset': '50' },
      { remaining: 7, resetAfter: 50_000, limit: 100 },
    ],
    [
      'GitLab’s',
      { 'ratelimit-limit': '60', 'ratelimit-remaining': '0', 'ratelimit-reset': String(NOW / 1_000 + 9) },
      { remaining: 0, resetAfter: 9_000, limit: 60 },
    ],
    [
      'GitHub’s',
      { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': String(NOW / 1_000 + 3600) },
      { remaining: 4999, resetAfter: 3_600_000, limit: 5000 },
    ],
    [
      'Discord’s',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1470173023', 'x-ratelimit-reset-after': '1.25' },
      { remaining: 0, resetAfter: 1_250 },
    ],
    [
      'X’s',
      { 'x-rate-limit-remaining': '3', 'x-rate-limit-reset': String(NOW / 1_000 + 9) },
      { remaining: 3, resetAfter: 9_000 },
    ],
    [
      'one that a proxy has added to',
      { 'x-ratelimit-remaining': '40, 3', 'x-ratelimit-reset': '5, 9' },
      { remaining: 3, resetAfter: 9_000 },
    ],
    ['one without a time', { 'x-ratelimit-remaining': '0' }, { remaining: 0, resetAfter: undefined }],
    ['none at all', { 'content-type': 'application/json' }, undefined],
    ['a reset alone', { 'x-ratelimit-reset': '9' }, undefined],
    ['a reply out of a cache', { age: '12', ratelimit: '"a";r=0;t=60' }, undefined],
    ['a reply out of two caches', { age: '12, 3', ratelimit: '"a";r=0;t=60' }, undefined],
    ['a reply that no cache has kept', { age: '0', ratelimit: '"a";r=0;t=60' }, { remaining: 0, resetAfter: 60_000 }],
    ['less than nothing', { 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '-1' }, undefined],
    ['no number', { 'x-ratelimit-remaining': 'NaN', 'x-ratelimit-reset': 'NaN' }, undefined],
    ['a number beyond all', { ratelimit: '"a";r=1e309;t=1e309' }, undefined],
    ['a field that is broken', { ratelimit: '"a";r=0;t=5, "b' }, undefined],
    [
      'ten thousand characters',
      { ratelimit: `"a";r=0;t=${'9'.repeat(10_000)}`, 'x-ratelimit-remaining': '0'.repeat(10_000) },
      undefined,
    ],
    ['a thousand limits', { ratelimit: Array(400).fill('"a";r=0;t=5').join() }, undefined],
    ['a reset in a hundred years', { ratelimit: '"a";r=0;t=3153600000' }, { remaining: 0, resetAfter: undefined }],
  ])('is read: %s', (_, headers, quota) => {
    const found = read(headers)
    if (quota === undefined) expect(found).toBeUndefined()
    else expect(found).toMatchObject(quota)
  })

  it('is read of a throttle that says only when it begins anew', () => {
    expect(read({ 'x-ratelimit-reset': '9' }, 429)).toEqual({
      remaining: undefined,
      resetAfter: 9_000,
      limit: undefined,
    })
  })

  it('is measured by the clock of the server that tells of it', () => {
    const late = { date: new Date(NOW + 600_000).toUTCString(), 'x-ratelimit-reset': String(NOW / 1_000 + 660) }
    expect(read({ ...late, 'x-ratelimit-remaining': '0' })).toMatchObject({ resetAfter: 60_000 })
  })

  it('is read from the headers that rules name, before the common ones', () => {
    const rules = { counters: [{ remaining: 'acme-left', reset: ['acme-next'], limit: 'acme-all' }] }
    const headers = { 'acme-left': '0', 'acme-next': '2s', 'acme-all': '9', 'x-ratelimit-remaining': '5' }
    expect(read(headers, 200, rules)).toEqual({ remaining: 0, resetAfter: 2_000, limit: 9 })
  })

  it('is not looked for where the user wants none of it', () => {
    expect(quotaOf({ status: 429, headers: new Headers({ ratelimit: '"a";r=0;t=5' }) }, false)).toBeUndefined()
  })

  it('is never negative, endless or unmeant, whatever a server sends', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.stringMatching(/^[-\d.,;="rtqw a:e+hms"\\]{0,60}$/),
      fc.constantFrom('0', '-1', 'NaN', '1e309', 'Infinity', '0x10', '6m0s', '"a";r=0;t=5', '1777777777', ''),
      fc.array(fc.constantFrom('"a";r=0;t=5', 'b;r=1', '5', '-1', '"', ';', ',')).map((parts) => parts.join()),
    )
    const names = ['ratelimit', 'ratelimit-policy', 'age', 'date', 'retry-after']
      .concat(['limit', 'remaining', 'reset'].flatMap((part) => [`ratelimit-${part}`, `x-ratelimit-${part}`]))
      .concat('x-ratelimit-reset-after')
    const some = fc.dictionary(fc.constantFrom(...names), text)
    const isCount = (value: number | undefined) => value === undefined || (value >= 0 && Number.isSafeInteger(value))
    fc.assert(
      fc.property(some, fc.constantFrom(200, 403, 429, 503), (headers, status) => {
        const given = Object.entries(headers).filter(([, value]) => /^[\t\x20-\x7e]*$/.test(value))
        const quota = read(given, status)
        if (quota === undefined) return
        expect(isCount(quota.remaining) && isCount(quota.limit)).toBe(true)
        const { resetAfter: ms = 0 } = quota
        expect(ms >= 0 && ms <= 366 * 86_400_000).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})
