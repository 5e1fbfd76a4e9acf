import { beforeEach, describe, expect, it, vi } from 'vitest'
import { awsLimits, googleLimits, type RateLimitRules, resilient, salesforceLimits } from '../src/index.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { type Answer, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

function after(first: Answer, rateLimit?: RateLimitRules) {
  const { fetch, sent } = stubFetch(first, fine)
  return { client: resilient(fetch, rateLimit && { rateLimit }), sent }
}

const ofGoogle = (reason: string, domain = 'usageLimits') =>
  reply(403, JSON.stringify({ error: { errors: [{ domain, reason, message: reason }], code: 403 } }, null, 1))
const ofSalesforce = (message: string, errorCode = 'REQUEST_LIMIT_EXCEEDED') =>
  reply(403, JSON.stringify([{ message, errorCode }]))
const ofQuery = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`
const ofEc2 = (code: string) => `<Response><Errors><Error><Code>${code}</Code></Error></Errors></Response>`

describe('a throttle that its status does not show', () => {
  it.each<[string, RateLimitRules, Answer]>([
    ['AWS JSON', awsLimits, reply(400, '{"__type":"ThrottlingException","message":"Rate exceeded"}')],
    [
      'AWS JSON, with the name of the service',
      awsLimits,
      reply(400, '{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'),
    ],
    ['AWS REST', awsLimits, reply(400, '{"message":"m"}', { 'x-amzn-errortype': 'ThrottlingException' })],
    ['AWS Query', awsLimits, reply(400, ofQuery('Throttling'))],
    ['EC2', awsLimits, reply(503, ofEc2('RequestLimitExceeded'))],
    ['S3', awsLimits, reply(503, '<Error><Code>SlowDown</Code></Error>')],
    ['Google, of a user', googleLimits, ofGoogle('userRateLimitExceeded')],
    ['Google, of a project', googleLimits, ofGoogle('rateLimitExceeded')],
    ['Salesforce', salesforceLimits, ofSalesforce('ConcurrentRequests (Concurrent API Requests) Limit exceeded.')],
  ])('is waited for, and a POST sent again: %s', async (_, rules, answer) => {
    const { client, sent } = after(answer, rules)
    await expect(played(client(url, { method: 'POST', body: '{}' }))).resolves.toMatchObject({ status: 200 })
    expect(sent).toHaveLength(2)
  })

  it.each<[string, RateLimitRules, Answer]>([
    ['Google', googleLimits, ofGoogle('dailyLimitExceeded')],
    ['Salesforce', salesforceLimits, ofSalesforce('TotalRequests Limit exceeded.')],
  ])('ends the call where it is of a day: %s', async (_, rules, answer) => {
    const { client, sent } = after(answer, rules)
    expect(await failure(client(url))).toMatchObject({ code: 'QUOTA_SPENT', kind: 'fatal', status: 403 })
    expect(sent).toHaveLength(1)
  })

  it.each<[string, RateLimitRules, Answer, string]>([
    [
      'a message of AWS',
      awsLimits,
      reply(400, '{"__type":"ValidationException","message":"not ThrottlingException"}'),
      'fatal',
    ],
    [
      'what AWS quotes',
      awsLimits,
      reply(400, '{"__type":"X","message":"\\"__type\\":\\"ThrottlingException\\""}'),
      'fatal',
    ],
    ['a 403 of AWS', awsLimits, reply(403, '{"__type":"AccessDeniedException"}'), 'auth'],
    ['a missing right at Google', googleLimits, ofGoogle('insufficientPermissions', 'global'), 'auth'],
    ['a missing right at Salesforce', salesforceLimits, ofSalesforce('no access', 'INSUFFICIENT_ACCESS'), 'auth'],
  ])('is not seen in %s', async (_, rules, answer, kind) => {
    const { client, sent } = after(answer, rules)
    expect(await failure(client(url))).toMatchObject({ kind })
    expect(sent).toHaveLength(1)
  })
})

it.each([
  ['30s', 30_000],
  ['1.500000001s', 1_501],
  ['soon', 0],
])('Google’s word on when to try again is obeyed: %s', async (retryDelay, ms) => {
  const ofQuota = { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] }
  const details = [ofQuota, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }]
  const body = JSON.stringify({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', details } })
  const { client, sent } = after(reply(429, body), googleLimits)
  await played(client(url, { method: 'POST', body: '{}' }))
  expect(Math.round(gaps(sent)[0] ?? 0)).toBe(ms)
})
