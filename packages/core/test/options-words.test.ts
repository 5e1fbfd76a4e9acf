import ky from 'ky'
import { describe, expect, it } from 'vitest'
import { createState, type OptionsError, resilient, timeline, withResilience } from '../src/index.ts'
import { kyOptions } from '../src/ky.ts'
import { withWork } from '../src/work/index.ts'
import { refused } from './helpers/refused-option.ts'
import { lodge } from './helpers/session-vendor.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

const make = (options: object) => () => resilient(stubFetch(fine).fetch, { vendor: lodge(), ...options })

describe('the error of an option says what it must be:', () => {
  const retry = 'must be `false`, a whole number of retries, 0 or more, or an object, got'
  it.each<[object, string, string]>([
    [{ retry: '3' }, 'retry', `${retry} "3".`],
    [{ retry: -1 }, 'retry', `${retry} -1.`],
    [{ retry: 1.5 }, 'retry', `${retry} 1.5.`],
    [{ retry: Number.POSITIVE_INFINITY }, 'retry', `${retry} Infinity.`],
    [{ retry: [] }, 'retry', `${retry} an Array.`],
    [
      { timeout: 0 },
      'timeout',
      'must be above 0 and at most 2147483647 milliseconds, got 0. For no limit say `false`.',
    ],
    [{ bodyTimeout: 0 }, 'bodyTimeout', 'got 0. For no limit say `false`.'],
    [{ timeout: { request: 1_000 } }, 'timeout', 'number of milliseconds, got an object. Give the number alone.'],
    [{ maxWait: Number.POSITIVE_INFINITY }, 'maxWait', 'got Infinity. For no limit say `false`.'],
    [{ patience: -1 }, 'patience', 'must be from 0 to 2147483647 milliseconds, got -1. For no limit say `false`.'],
    [
      { deadlineHeader: 'x y' },
      'deadlineHeader',
      'must be the name of a header, or an object with it and a `unit`, got a',
    ],
    [{ rateLimit: 'github' }, 'rateLimit', 'must be `false` or rules such as `githubLimits`, got "github".'],
    [{ hedge: 100 }, 'hedge', 'must be true, false or an object such as `{ percentile: 0.95 }`, got 100.'],
    [{ breaker: true }, 'breaker', 'must be `false` or an object, got true. It is on by itself.'],
    [{ budget: true }, 'budget', 'must be `false` or an object, got true. It is on by itself.'],
    [{ state: createState }, 'state', 'must be an object, got a function.'],
    [{ pause: 'yes' }, 'pause', 'must be `false` or an object, got "yes".'],
  ])('%j', (options, option, problem) => {
    const error = refused(make(options))
    expect(error.option).toBe(option)
    expect(error.problem).toContain(problem)
  })

  it('a function that makes observers is none', () => {
    const error = refused(make({ observers: [() => {}, timeline] }))
    expect(error).toMatchObject({ option: 'observers[1]', problem: 'is a function that makes observers: call it.' })
    expect(make({ observers: [timeline(), () => {}] })).not.toThrow()
  })

  it.each([{ breaker: { window: 0 } }, { breaker: { openTime: Number.POSITIVE_INFINITY } }, { loginTimeout: 0 }])(
    'and offers no `false` where it is none: %j',
    (options) => {
      expect(refused(make(options)).problem).toMatch(/milliseconds, got \w+\.$/)
    },
  )
})

describe('a name that people bring along is answered by ours:', () => {
  const errorOf = (name: string): Promise<OptionsError> =>
    resilient(stubFetch(fine).fetch)('https://api.example/', { resilience: { [name]: 1 } as never }).then(
      () => expect.unreachable('it was taken'),
      (thrown) => thrown,
    )

  it.each(['headers', 'dispatcher', 'signal'])('%s', async (name) => {
    expect(refused(make({ [name]: 1 })).problem).toBe('is a member of `init` here.')
    expect(await errorOf(name)).toMatchObject({
      option: `resilience.${name}`,
      problem: 'stands beside `resilience`, in the init of the request.',
    })
  })

  it('and an option of a client, with a call, is one of no call', async () => {
    expect((await errorOf('breaker')).problem).toBe('is an option of a client, and of no call.')
  })

  it.each([
    ['retries', 'is `retry` here.'],
    ['maxRetries', 'is `retry` here.'],
    ['retryDelay', 'is `retry: { backoff }` here.'],
    ['retryCondition', 'is `errors` here: what an error means decides.'],
    ['shouldRetry', 'is `errors` here: what an error means decides.'],
    ['baseUrl', 'is an option of `resilientKy` alone: a client is called with whole URLs.'],
    ['baseURL', 'is an option of `resilientKy` alone: a client is called with whole URLs.'],
    ['prefix', 'is an option of `resilientKy` alone: a client is called with whole URLs.'],
    ['prefixUrl', 'is an option of `resilientKy` alone: a client is called with whole URLs.'],
    ['hooks', 'is an option of `resilientKy` alone.'],
    ['onRetry', 'is `observers` here.'],
    ['fetch', 'is the first argument of `resilient`.'],
  ])('%s', async (name, problem) => {
    expect(refused(make({ [name]: 1 }))).toMatchObject({ option: name, problem: expect.stringContaining(problem) })
    expect(await errorOf(name)).toMatchObject({
      option: `resilience.${name}`,
      problem: expect.stringContaining(problem),
    })
  })
})

describe('and so is a name within `retry` or `breaker`, or of another library:', () => {
  it.each<[object, string, string]>([
    // ky and got
    [{ retry: { methods: ['get'] } }, 'retry.methods', 'is `idempotent` here, an option beside `retry`.'],
    [{ retry: { statusCodes: [500] } }, 'retry.statusCodes', 'is `errors` here: what an error means decides.'],
    [{ retry: { maxRetryAfter: 1 } }, 'retry.maxRetryAfter', 'is `maxWait` here, an option beside `retry`'],
    [{ retry: { backoffLimit: 1 } }, 'retry.backoffLimit', 'is `backoff` here, such as `{ fast: { base: 500'],
    [{ retry: { delay: () => 1 } }, 'retry.delay', 'is `backoff` here'],
    [{ retry: { calculateDelay: () => 1 } }, 'retry.calculateDelay', 'is `backoff` here'],
    [{ retry: { noise: 100 } }, 'retry.noise', 'is `jitter` here.'],
    [{ retry: { retryOnTimeout: true } }, 'retry.retryOnTimeout', 'is `errors` here: what an error means decides.'],
    [{ throwHttpErrors: false }, 'throwHttpErrors', 'is `client.fetch` here, which returns every reply.'],
    [{ searchParams: {} }, 'searchParams', 'is an option of `resilientKy` alone.'],
    [{ followRedirect: false }, 'followRedirect', 'is `init: { redirect }` here.'],
    [{ agent: {} }, 'agent', 'is up to the `fetch` that sends: see `init: { dispatcher }`.'],
    [{ username: 'u' }, 'username', 'is up to the `vendor`, such as `vsphere` or `bearer`.'],
    // axios, axios-retry, fetch-retry
    [{ validateStatus: () => true }, 'validateStatus', 'is `client.fetch` here, which returns every reply.'],
    [{ httpsAgent: {} }, 'httpsAgent', 'is up to the `fetch` that sends'],
    [{ retryOn: [503] }, 'retryOn', 'is `errors` here: what an error means decides.'],
    [{ validateResponse: () => true }, 'validateResponse', 'is `classify` here.'],
    [{ shouldResetTimeout: true }, 'shouldResetTimeout', 'is not needed: `timeout` is for one attempt.'],
    [{ onMaxRetryTimesExceeded: () => {} }, 'onMaxRetryTimesExceeded', 'is `observers` here.'],
    [{ jitter: 'full' }, 'jitter', 'is a member of `retry` here.'],
    [{ limit: 3 }, 'limit', 'is a member of `retry` here.'],
    [{ attempts: 3 }, 'attempts', 'is `retry` here.'],
    [{ retry: { maxAttempts: 3 } }, 'retry.maxAttempts', 'is `limit` here, the number after the first attempt.'],
    [{ retry: { maxDelay: 3 } }, 'retry.maxDelay', 'is `backoff` here'],
    [{ circuitBreaker: {} }, 'circuitBreaker', 'is `breaker` here.'],
    // p-retry, axios-retry
    [{ retry: { minTimeout: 1 } }, 'retry.minTimeout', 'is `backoff` here'],
    [{ retry: { shouldRetry: () => true } }, 'retry.shouldRetry', 'is `errors` here: what an error means decides.'],
    [{ minTimeout: 1 }, 'minTimeout', 'is `retry: { backoff }` here.'],
    // opossum
    [
      { breaker: { errorThresholdPercentage: 50 } },
      'breaker.errorThresholdPercentage',
      'is `failureRate` here: 50 % is 0.5.',
    ],
    [{ breaker: { resetTimeout: 1 } }, 'breaker.resetTimeout', 'is `openTime` here.'],
    [{ breaker: { volumeThreshold: 1 } }, 'breaker.volumeThreshold', 'is `minimum` here.'],
    [{ breaker: { rollingCountTimeout: 1 } }, 'breaker.rollingCountTimeout', 'is `window` here.'],
    [{ breaker: { timeout: 1 } }, 'breaker.timeout', 'is an option beside `breaker`.'],
    // cockatiel
    [{ breaker: { halfOpenAfter: 1 } }, 'breaker.halfOpenAfter', 'is `openTime` here.'],
    [{ breaker: { threshold: 0.5 } }, 'breaker.threshold', 'is `failureRate` here: 50 % is 0.5.'],
    [{ initialDelay: 1 }, 'initialDelay', 'is `retry: { backoff }` here.'],
    [{ retry: { initialDelay: 1 } }, 'retry.initialDelay', 'is `backoff` here'],
    [{ bulkhead: 8 }, 'bulkhead', 'is `concurrency` here.'],
    // superagent, undici, node-fetch
    [{ deadline: 1 }, 'deadline', 'is `totalTimeout` here.'],
    [{ headersTimeout: 1 }, 'headersTimeout', 'is up to the `fetch` that sends'],
    [{ statusCodes: [503] }, 'statusCodes', 'is `errors` here: what an error means decides.'],
    [{ methods: ['GET'] }, 'methods', 'is `idempotent` here'],
    [{ maxRetryAfter: 1 }, 'maxRetryAfter', 'is `maxWait` here'],
    [{ redirect: 'manual' }, 'redirect', 'is a member of `init` here.'],
    [{ resilience: {} }, 'resilience', 'is for one call: its members are options of a client themselves.'],
    [{ credentials: 'include' }, 'credentials', 'is up to the `vendor`, or as `fetch` has it a member of `init`.'],
    [
      { retry: { onFailedAttempt: () => {} } },
      'retry.onFailedAttempt',
      'is `observers` here, an option beside `retry`.',
    ],
    [{ retry: { timeout: 1 } }, 'retry.timeout', 'is an option beside `retry`.'],
    [{ onFailedAttempt: () => {} }, 'onFailedAttempt', 'is `observers` here.'],
    [{ logger: console }, 'logger', 'is `observers` here.'],
    [{ token: 't' }, 'token', 'is up to the `vendor`, such as `vsphere` or `bearer`.'],
    [{ body: 'x' }, 'body', 'belongs to a request.'],
    [{ query: {} }, 'query', 'belongs to a request.'],
    [lodge(), 'name', 'is a member of a vendor, which is given as `vendor`.'],
    [{ throttles: [] }, 'throttles', 'is a member of `rateLimit` here.'],
  ])('%j', (options, option, problem) => {
    expect(refused(make(options))).toMatchObject({ option, problem: expect.stringContaining(problem) })
  })
})

describe('what stands in the place of a parameter is called an argument:', () => {
  const client = resilient(stubFetch(fine).fetch)
  it.each<[string, () => unknown, string]>([
    ['fetch', () => resilient(7 as never), 'Argument `fetch` must be a function'],
    [
      'fetch',
      () => resilient(ky),
      'Argument `fetch` is another library, such as ky or axios: give that `client.fetch`',
    ],
    ['client', () => withWork((() => {}) as never), 'Argument `client` must be made by `resilient`'],
    ['client', () => kyOptions({} as never), 'Argument `client` must be a client'],
    ['client', () => kyOptions(fetch as never), 'Argument `client` must be a client'],
    ['request', () => withResilience('https://api.example' as never, {}), 'Argument `request` must be a `Request`'],
    ['knowledge', () => withWork(client).work('7'), 'Argument `knowledge` is missing: give `withWork`'],
    [
      'knowledge',
      () => withWork(client, { vendor: 'lodge' } as never),
      'Argument `knowledge` is the long work of lodge, for a client which has no vendor.',
    ],
  ])('%s: %#', (name, call, message) => {
    const error = refused(call)
    expect(error.option).toBe(name)
    expect(error.message).toContain(message)
  })
})
