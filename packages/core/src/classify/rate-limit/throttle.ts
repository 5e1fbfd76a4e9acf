import type { Fault } from '../../contract/fault.ts'
import type { RateLimitRules, ThrottleSign } from '../../contract/rate-limit/rules.ts'
import type { Reply } from '../../contract/vendor.ts'
import { retryAfter } from '../retry-after.ts'
import { isUsedUp, quotaOf } from './quota.ts'
import { duration } from './reset.ts'

type Rules = RateLimitRules | false | undefined

/** A throttle by the rules of an API, with the milliseconds to wait if the reply itself does not say. */
export interface Throttle {
  readonly code: 'RATE_LIMITED' | 'QUOTA_SPENT'
  readonly wait: number | undefined
}

/** Reads a throttle by the rules of an API. */
export function throttleIn(reply: Reply, rules: Rules): Throttle | undefined {
  const sign = rules ? rules.throttles?.find((one) => fits(reply, one)) : undefined
  return sign && { code: sign.isFinal ? 'QUOTA_SPENT' : 'RATE_LIMITED', wait: sign.wait }
}

function fits({ status, headers, text }: Reply, { status: wanted, header, includes }: ThrottleSign): boolean {
  if (status !== wanted || (header !== undefined && headers.get(header.name) !== header.value)) return false
  if (includes === undefined) return true
  const lower = text.toLowerCase()
  return includes.some((words) => lower.includes(words.toLowerCase()))
}

/**
 * The code for a refusal that passes with time, though its status does not say so: a 403 that is not about rights, because it
 * has a `Retry-After` (RFC 9110, section 10.2.3) or its rate limit is used up (GitHub REST API, rate limits: 403 as well as
 * 429); a 413 with a `Retry-After` (RFC 9110, section 15.5.14).
 */
export function passingCode(
  { status, headers }: Reply,
  { rateLimit }: { readonly rateLimit: Rules },
): 'RATE_LIMITED' | 'TOO_LARGE_FOR_NOW' | undefined {
  if (status !== 403 && status !== 413) return undefined
  const namesTime = (retryAfter(headers) ?? 0) > 0
  if (status === 413) return namesTime ? 'TOO_LARGE_FOR_NOW' : undefined
  return namesTime || isUsedUp(quotaOf({ status, headers }, rateLimit)) ? 'RATE_LIMITED' : undefined
}

/** The wait in a failure's body, if the rules say in which member it is. Milliseconds. */
export function waitInBody({ text, complete }: Reply, rules: Rules): number | undefined {
  const wait = rules ? rules.wait : undefined
  if (wait === undefined || !complete || !text.trimStart().startsWith('{')) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  for (const name of wait.member.split('.')) value = memberOf(value, name)
  const ms =
    typeof value === 'string'
      ? (duration(value) ?? Number.NaN)
      : (typeof value === 'number' ? value : Number.NaN) * (wait.unit === 's' ? 1_000 : 1)
  return ms >= 0 && ms <= Number.MAX_SAFE_INTEGER ? ms : undefined
}

/** A member of an object, or of the first object of a list that has it. */
function memberOf(value: unknown, name: string): unknown {
  const has = (one: unknown): one is object => typeof one === 'object' && one !== null && Object.hasOwn(one, name)
  const owner = Array.isArray(value) ? value.find(has) : value
  return has(owner) ? Reflect.get(owner, name) : undefined
}

/**
 * Reads from headers if the same request may succeed later: `x-should-retry`, which OpenAI and Anthropic send and their own
 * clients obey, and the header that the rules name.
 */
export function shouldRetry(headers: Headers, rules: Rules): Fault['transient'] {
  const names = ['x-should-retry', ...(rules && rules.shouldRetry !== undefined ? [rules.shouldRetry] : [])]
  const words = names.map((name) => headers.get(name)?.trim().toLowerCase())
  return words.includes('false') ? false : words.includes('true') ? true : undefined
}
