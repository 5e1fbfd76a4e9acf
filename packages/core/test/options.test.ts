import { describe, expect, it, vi } from 'vitest'
import { createState, isOptionsError, OptionsError, resilient } from '../src/index.ts'
import { refused } from './helpers/refused-option.ts'
import { lodge, lodgeOrigin } from './helpers/session-vendor.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

const make = (options: object) => () => resilient(stubFetch(fine).fetch, { vendor: lodge(), ...options })

describe('an option that is not known is refused, and the nearest is suggested, or all where they are few:', () => {
  it.each([
    [{ retrys: 3 }, 'retrys', 'is not known. Did you mean `retry`?'],
    [{ retry: { retries: 3 } }, 'retry.retries', 'is `limit` here, the number after the first attempt.'],
    [{ retry: { limits: 3 } }, 'retry.limits', 'is not known. Did you mean `limit`?'],
    [{ idempotency: 'x' }, 'idempotency', 'is not known. Did you mean `idempotencyKey`?'],
    [{ totaltimeout: 5 }, 'totaltimeout', 'is not known. Did you mean `totalTimeout`?'],
    [{ breaker: { failurerate: 0.5 } }, 'breaker.failurerate', 'is not known. Did you mean `failureRate`?'],
    [{ budget: { perSeconds: 1 } }, 'budget.perSeconds', 'is not known. Did you mean `perSecond`?'],
    [{ pause: { maximum: 1 } }, 'pause.maximum', 'is not known. There is `max`.'],
    [{ retry: { backoff: { quick: {} } } }, 'retry.backoff.quick', 'is not known. There are `fast`, `slow`, `busy`.'],
    [{ retry: { backoff: { slow: { x: 1 } } } }, 'retry.backoff.slow.x', 'is not known. There are `base`, `limit`.'],
    [{ errors: { ROOM_TAKN: {} } }, 'errors.ROOM_TAKN', 'is no code of lodge or http. Did you mean `ROOM_TAKEN`?'],
    [{ errors: { HTTP_52O: {} } }, 'errors.HTTP_52O', 'is no code of lodge or http. Did you mean `HTTP_52'],
    [{ errors: { FIRE: {} } }, 'errors.FIRE', 'is no code of lodge or http.'],
    [{ errors: { ROOM_TAKEN: { kinds: 'fatal' } } }, 'errors.ROOM_TAKEN.kinds', 'is not known. Did you mean `kind`?'],
    [{ mode: 'observer' }, 'mode', "must be one of 'act', 'observe', got \"observer\". Did you mean `observe`?"],
    [{ retry: { jitter: 'ful' } }, 'retry.jitter', 'Did you mean `full`?'],
  ])('%j', (options, option, problem) => {
    const error = refused(make(options))
    expect(error.option).toBe(option)
    expect(error.message).toContain(`Option \`${option}\` ${problem.startsWith('Did') ? 'must be one of' : problem}`)
    expect(error.message).toContain(problem)
  })
})

it('a name that is far longer than any that is known is not compared with them letter by letter', () => {
  const long = 'yrter'.repeat(2_000)
  const looks = vi.spyOn(String.prototype, 'charCodeAt')
  expect(refused(make({ [long]: 3 })).problem).toBe('is not known.')
  expect(refused(make({ errors: { [long]: {} } })).problem).toMatch(/^is no code of lodge or http\. One/)
  expect(looks.mock.calls.length).toBeLessThan(long.length)
})

describe('an option of the wrong type or unit is refused:', () => {
  it.each<[object, string, string]>([
    [{ timeout: '30s' }, 'timeout', 'must be a number of milliseconds, got "30s". Units are not read.'],
    [{ timeout: '30' }, 'timeout', 'must be a number of milliseconds, got "30".'],
    [{ timeout: 0 }, 'timeout', 'must be above 0'],
    [{ timeout: -1 }, 'timeout', 'must be above 0'],
    [{ timeout: Number.NaN }, 'timeout', 'must be a number of milliseconds, got NaN.'],
    [{ timeout: Number.POSITIVE_INFINITY }, 'timeout', 'For no limit say `false`.'],
    [{ timeout: true }, 'timeout', 'must be a number of milliseconds, got true.'],
    [{ totalTimeout: 2 ** 31 }, 'totalTimeout', 'at most 2147483647 milliseconds'],
    [{ bodyTimeout: null }, 'bodyTimeout', 'must be a number of milliseconds'],
    [{ retry: -1 }, 'retry', 'a whole number of retries, 0 or more, or an object, got -1.'],
    [{ retry: 1.5 }, 'retry', 'got 1.5.'],
    [{ retry: true }, 'retry', 'got true.'],
    [{ retry: '3' }, 'retry', 'got "3".'],
    [{ retry: { limit: Number.POSITIVE_INFINITY } }, 'retry.limit', 'must be a whole number, 0 or more, got Infinity.'],
    [{ retry: { pace: 'medium' } }, 'retry.pace', "must be one of 'fast', 'slow'"],
    [{ retry: { jitter: true } }, 'retry.jitter', 'must be one of'],
    [{ retry: { backoff: { fast: { base: 500 } } } }, 'retry.backoff.fast.limit', 'is missing.'],
    [{ retry: { backoff: { slow: 500 } } }, 'retry.backoff.slow', 'must be an object, got 500.'],
    [{ replayLimit: -1 }, 'replayLimit', 'must be a finite number, 0 or more, got -1.'],
    [{ replayLimit: '1MB' }, 'replayLimit', 'must be a finite number'],
    [{ idempotent: 'yes' }, 'idempotent', 'must be a boolean, got "yes".'],
    [{ acceptAchieved: 1 }, 'acceptAchieved', 'must be a boolean, got 1.'],
    [{ onConflict: 'accept' }, 'onConflict', 'must be a function, got "accept".'],
    [{ errors: null }, 'errors', 'must be an object'],
    [{ errors: { ROOM_TAKEN: 'retryable' } }, 'errors.ROOM_TAKEN', 'must be an object, got "retryable".'],
    [{ errors: { ROOM_TAKEN: { kind: 'retry' } } }, 'errors.ROOM_TAKEN.kind', "must be one of 'retryable'"],
    [{ errors: { ROOM_TAKEN: { kind: 'retryable' } } }, 'errors.ROOM_TAKEN', 'without an `outcome`'],
    [{ errors: { ROOM_TAKEN: { retry: { limit: -1 } } } }, 'errors.ROOM_TAKEN.retry.limit', 'got -1'],
    [{ breaker: true }, 'breaker', 'must be `false` or an object, got true.'],
    [{ breaker: { failureRate: 50 } }, 'breaker.failureRate', 'must be a share from 0 to 1, got 50. For 50 % say 0.5.'],
    [{ breaker: { failureRate: 500 } }, 'breaker.failureRate', 'must be a share from 0 to 1, got 500.'],
    [{ breaker: { failureRate: Number.NaN } }, 'breaker.failureRate', 'must be a share'],
    [{ breaker: { minimum: 0 } }, 'breaker.minimum', 'must be a whole number, 1 or more, got 0.'],
    [{ breaker: { probes: 0 } }, 'breaker.probes', 'must be a whole number, 1 or more, got 0.'],
    [{ breaker: { window: '10s' } }, 'breaker.window', 'Units are not read.'],
    [{ breaker: { slowCallRate: true } }, 'breaker.slowCallRate', 'must be a share'],
    [{ budget: { size: -1 } }, 'budget.size', 'must be a finite number, 0 or more'],
    [{ queue: 0.5 }, 'queue', 'must be a whole number'],
    [{ observers: () => {} }, 'observers', 'must be a list'],
    [{ observers: [{}] }, 'observers[0]', 'must be a function'],
    [{ init: 'dispatcher' }, 'init', 'must be an object, got "dispatcher".'],
    [{ state: {} }, 'state', 'must be made by `createState()`.'],
    [{ trustedHosts: 'vc.example' }, 'trustedHosts', 'must be a list'],
    [{ vendor: lodge }, 'vendor', 'is not a vendor: call the vendor package’s function'],
    [{ vendor: 'lodge' }, 'vendor', 'is not a vendor'],
    [{ vendor: {} }, 'vendor', 'is not a vendor'],
    [{ vendor: null }, 'vendor', 'is not a vendor'],
  ])('%j', (options, option, problem) => {
    const error = refused(make(options))
    expect(error.option).toBe(option)
    expect(error.message).toContain(problem)
    expect(error.message.length).toBeLessThan(200)
  })

  it.each([
    'https://vc.example',
    'vc.example/api',
    'user@vc.example',
    'vc.example?x',
    'vc.example#x',
    'vc.example\\x',
    '*.example',
    'a b',
    '::1',
    '',
    7,
  ])('trustedHosts: [%j]', (host) => {
    const error = refused(make({ trustedHosts: ['good.example', host] }))
    expect(error.option).toBe('trustedHosts[1]')
    expect(error.message).toContain('must be a host such as')
  })

  it('no fetch', () => {
    expect(refused(() => resilient(undefined as never)).option).toBe('fetch')
    expect(refused(() => resilient({} as never)).option).toBe('fetch')
  })

  it('no options', () => {
    for (const options of [null, 5, 'x', []]) {
      const error = refused(() => resilient(stubFetch(fine).fetch, options as never))
      expect(error.message).toContain('must be an object')
    }
  })
})

describe('options that contradict one another are refused:', () => {
  it.each<[object, string, string]>([
    [
      { timeout: 10_000, totalTimeout: 5_000 },
      'timeout',
      '(10000 ms for one attempt) is above `totalTimeout` (5000 ms',
    ],
    [{ retry: { backoff: { fast: { base: 9, limit: 3 } } } }, 'retry.backoff.fast', '`base` (9) is above `limit` (3)'],
    [
      { breaker: { openTime: 90_000, maxOpenTime: 60_000 } },
      'breaker.openTime',
      'is above `breaker.maxOpenTime` (60000 ms)',
    ],
    [
      { breaker: { slowCallRate: 0.5, slowCallDuration: 8_000 }, timeout: 8_000 },
      'breaker.slowCallDuration',
      'can never be reached',
    ],
  ])('%j', (options, option, problem) => {
    const error = refused(make(options))
    expect(error.option).toBe(option)
    expect(error.message).toContain(problem)
  })
})

describe('an extended client', () => {
  const client = resilient(stubFetch(fine).fetch, { vendor: lodge() })
  const extend = (options: object) => () => client.extend(options as never)

  it.each(['vendor', 'breaker', 'budget', 'pause', 'state'])('refuses %s, which it shares', (name) => {
    const error = refused(extend({ [name]: name === 'state' ? createState() : name === 'vendor' ? lodge() : false }))
    expect(error.option).toBe(name)
    expect(error.message).toContain('cannot be changed by `extend`: it is shared. Make another client.')
  })

  it('is checked as a client is', () => {
    expect(refused(extend({ retrys: 3 })).message).toContain('Did you mean `retry`?')
    expect(refused(extend({ errors: { ROOM_TAKN: {} } })).option).toBe('errors.ROOM_TAKN')
    expect(refused(extend({ timeout: 10, totalTimeout: 5 })).option).toBe('timeout')
  })
})

describe('the options of a call', () => {
  const { fetch, sent } = stubFetch(fine)
  const client = resilient(fetch, { vendor: lodge() })
  const call = (resilience: object) => client(`${lodgeOrigin}/rooms/7`, { resilience: resilience as never })

  it.each<[object, string]>([
    [{ retrys: 3 }, 'resilience.retrys'],
    [{ retry: { limit: -1 } }, 'resilience.retry.limit'],
    [{ timeout: '3s' }, 'resilience.timeout'],
    [{ timeout: 10, totalTimeout: 5 }, 'resilience.timeout'],
    [{ errors: { ROOM_TAKN: {} } }, 'resilience.errors.ROOM_TAKN'],
    [{ errors: { ROOM_TAKEN: { kind: 'retryable' } } }, 'resilience.errors.ROOM_TAKEN'],
    [{ breaker: false }, 'resilience.breaker'],
    [{ observers: [] }, 'resilience.observers'],
    [{ vendor: lodge() }, 'resilience.vendor'],
  ])('%j are refused by a rejection, and nothing is sent', async (options, option) => {
    for (const face of [call(options), client.fetch(`${lodgeOrigin}/rooms/7`, { resilience: options as never })]) {
      await expect(face).rejects.toSatisfy((error) => isOptionsError(error) && error.option === option)
    }
    expect(sent).toEqual([])
  })
})

describe('what is right is taken:', () => {
  it.each<[string, object]>([
    ['nothing', {}],
    ['undefined for anything', { retry: undefined, timeout: undefined, errors: undefined, vendor: undefined }],
    ['false for no limit', { timeout: false, totalTimeout: false, bodyTimeout: false, retry: false }],
    ['false for no guard', { breaker: false, budget: false, pause: false }],
    ['codes of http beside the vendor’s own', { errors: { HTTP_503: { kind: 'fatal' }, ROOM_TAKEN: {} } }],
    ['hosts', { trustedHosts: ['vc.example', 'VC.example:8443', '10.0.0.1', '[::1]:443', 'under_score.example'] }],
    ['a total below the default for one attempt', { totalTimeout: 5_000 }],
    ['a share of nothing or all', { breaker: { failureRate: 0, slowCallRate: 1 } }],
  ])('%s', (_, options) => {
    expect(make(options)).not.toThrow()
  })

  it('an OptionsError is a TypeError with a name', () => {
    const error = refused(make({ retrys: 3 }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toBeInstanceOf(OptionsError)
    expect(error.name).toBe('OptionsError')
  })
})

describe('the codes of a catalogue', () => {
  it('are read once for a client, its calls and what is extended from it, and only where a code is named', async () => {
    const { auth: _, ...own } = lodge()
    let reads = 0
    const catalogue = Object.create(own.catalogue, {
      rows: {
        get() {
          reads += 1
          return own.catalogue.rows
        },
      },
    })
    const client = resilient(stubFetch(fine).fetch, { vendor: { ...own, catalogue } })
    await client(lodgeOrigin)
    expect(reads).toBe(0)
    const resilience = { errors: { ROOM_TAKEN: { kind: 'fatal' as const } } }
    await client(lodgeOrigin, { resilience })
    await client(lodgeOrigin, { resilience })
    await client.extend({ errors: resilience.errors })(lodgeOrigin, { resilience })
    expect(reads).toBe(1)
  })
})

describe('options that are no plain object', () => {
  it.each([
    [null, 'Options must be an object, got null.'],
    ['retry', 'Options must be an object, got a value of type string.'],
    [[], 'Options must be an object, got an Array.'],
    [new Map([['retry', 3]]), 'Options must be an object, got a Map.'],
  ])('%o', (options, message) => {
    expect(refused(() => resilient(stubFetch(fine).fetch, options as never)).message).toBe(message)
  })

  it.each(['__proto__', 'constructor', 'toString'])('or have a member %s of their own', (name) => {
    const options = JSON.parse(`{"${name}": {}}`)
    expect(refused(() => resilient(stubFetch(fine).fetch, options)).option).toBe(name)
  })

  class Retry {
    readonly limit = 'three'
  }
  class Options {
    readonly retry = { limit: 3 }
  }
  class Getters {
    get retry() {
      return { limit: 3 }
    }
  }
  class Badge {
    get base() {
      return 500
    }
    readonly limit = 600
  }

  it('are checked like any, where they are of a class', () => {
    expect(make(new Options())).not.toThrow()
    expect(refused(make({ retry: new Retry() })).message).toContain('Option `retry.limit` must be a whole number')
  })

  it.each<[string, object]>([
    ['retry', new Getters()],
    ['retry', Object.create({ retry: 3 })],
    ['retry', Object.defineProperty({}, 'retry', { value: 3 })],
    ['retry', { __proto__: { retry: 'x' } }],
    ['errors.ROOM_TAKEN.kind', { vendor: lodge(), errors: { ROOM_TAKEN: Object.create({ kind: 'fatal' }) } }],
    ['retry.backoff.fast.base', { retry: { backoff: { fast: new Badge() } } }],
  ])(
    'are refused where a member is inherited, or hidden, and would be read by some and not by others: %s',
    (option, given) => {
      const error = refused(() => resilient(stubFetch(fine).fetch, given as never))
      expect(error.option).toBe(option)
    },
  )

  it.each<[string, unknown]>([
    ['headers', 7],
    ['headers', null],
    ['headers', 'x-key: pa55'],
    ['headers', { 'x-key': 'pa\n55' }],
    ['headers', [['x-key']]],
    ['signal', {}],
    ['signal', false],
    ['signal', 'SIGTERM'],
  ])('init.%s: %j', (name, value) => {
    const { option, message } = refused(make({ init: { [name]: value } }))
    expect(option).toBe(`init.${name}`)
    expect(message).not.toContain('pa55')
    expect(refused(() => resilient(fetch).extend({ init: { [name]: value } })).option).toBe(`init.${name}`)
  })

  it.each([new Map(), [], new Headers(), new Request(lodgeOrigin)])('init: %o', (init) => {
    expect(refused(make({ init })).option).toBe('init')
  })

  it.each([new Map(), []])('errors: %o', (errors) => {
    expect(refused(make({ errors })).option).toBe('errors')
  })
})
