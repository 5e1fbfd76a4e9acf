import { STATUS_CODES } from 'node:http'
import {
  type Decision,
  type FailReason,
  isRefused,
  type RefusalReason,
  type RefusedError,
  type ResilienceEvent,
  type VendorError,
  type VerdictFacts,
} from '@holdfast/core'

/** The facts of an event about an answer. */
interface Answer {
  /** The URL of the request. */
  readonly url: string
  readonly status?: number
  /** Duration in milliseconds. */
  readonly ms?: number
  readonly verdict?: VerdictFacts
}

/** Milliseconds as seconds. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`

/** A count with its noun: `1 login`, `1,000 calls`. */
export const count = (many: number, one: string, more = `${one}s`): string =>
  `${many.toLocaleString('en')} ${many === 1 ? one : more}`

/** The style of a line about an answer. */
export interface Style {
  /** True if the call changes anything. */
  readonly changes: boolean
  /** True if the host that answered is to be named. */
  readonly isPool: boolean
  /** True for a line about many calls, which names no times. */
  readonly forMany?: boolean
}

/** The answer, and what it means: `500 RESOURCE_BUSY, retryable, nothing was done`. */
export function answer(event: Answer, { changes, isPool, forMany = false }: Style): string {
  const what = describeReply(event, forMany) + (isPool ? ` from ${new URL(event.url).hostname}` : '')
  const { verdict } = event
  if (verdict === undefined) return what
  return `${what}, ${verdict.source === 'unlisted' ? 'not in the catalogue' : verdict.kind}${effect(verdict, changes)}`
}

function describeReply({ verdict, ms = 0, status = verdict?.status }: Answer, forMany: boolean): string {
  if (verdict === undefined) return `${status} ${STATUS_CODES[status ?? 0] ?? ''}`
  const { code } = verdict
  if (status === undefined) {
    return code === 'ATTEMPT_TIMEOUT' && !forMany ? `no answer within ${seconds(ms)}` : `no answer (${code})`
  }
  // If the status does not show the failure, the code comes first.
  return status < 400 ? `${code} (HTTP ${status})` : `${status} ${code}`
}

/** The outcome, which matters only where something may be tried again. */
function effect({ kind, outcome }: VerdictFacts, changes: boolean): string {
  if (kind !== 'retryable') return ''
  if (outcome === 'rejected') return ', nothing was done'
  return changes ? ', may have been done' : ', outcome unknown'
}

/** What the client does about an answer. A line about many calls names no single wait. */
export function decision(made: Decision, forMany = false): string {
  switch (made.do) {
    case 'wait': {
      const how = forMany ? 'wait' : `wait ${seconds(made.ms)}`
      return made.reason === 'server-hint'
        ? `${how} as the server asks, then try again`
        : `${how} (back-off), then try again`
    }
    case 'renew':
      return 'log in again, then try again'
    case 'reroute':
      return `ask ${new URL(`http://${made.host}`).hostname} instead`
    case 'ask':
      return 'ask the caller what to do'
    case 'return':
      return `take it for success (${made.reason})`
    case 'fail':
      return reasons[made.reason] ?? `give up (${made.reason})`
  }
}

const reasons: Partial<Record<FailReason, string>> = {
  settled: 'do not ask again: the work has ended so',
  fatal: 'give up at once: time will not change the answer',
  conflict: 'give up at once: the object’s state must change first',
  unlisted: 'give up: nobody knows whether trying again is safe',
  auth: 'give up: a new login would not help',
  'login-failed': 'give up: the login failed',
  attempts: 'give up: no retries left',
  deadline: 'give up: no time left',
  budget: 'give up: the retry budget is spent',
  'not-repeatable': 'do not repeat it: it must not be done twice',
  'circuit-open': 'give up: the circuit is open',
}

/** The reasons why a call was not sent at all. */
export const refusal: Readonly<Record<RefusalReason, string>> = {
  'circuit-open': 'the circuit is open',
  paused: 'the service asked to be left alone',
  limited: 'the service takes fewer requests than it gets',
  budget: 'the retry budget is spent',
  'queue-full': 'too many calls wait already',
  closed: 'the client was closed',
}

/** An error as its caller sees it. */
export function outline(error: VendorError | RefusedError): string {
  if (isRefused(error)) return `${error.name}, to come back in ${seconds(error.retryAfter ?? 0)}`
  const { name, code, kind, mayBeDone } = error
  return `${name} ${code} (${kind})${mayBeDone ? ', mayBeDone: true' : ''}`
}

/** The beginning of a body, which fits into a line. */
export function excerpt(body: unknown): string {
  if (Array.isArray(body)) return `a list of ${body.length}`
  if (typeof body === 'object' && body !== null && 'jsonrpc' in body && 'result' in body) return excerpt(body.result)
  const text = JSON.stringify(body)
  return text.length > 50 ? `${text.slice(0, 50)}…` : text
}

/** A login that goes on at another host, or later. */
function loginChange({ key, url, verdict, decision: made }: Made): string | undefined {
  if (!key.endsWith(' login') || (made.do !== 'reroute' && made.do !== 'wait')) return undefined
  return `login at ${new URL(url).hostname}: ${describeReply({ url, verdict }, false)} → ${decision(made)}`
}

type Made = Extract<ResilienceEvent, { type: 'decision-made' }>

/** A change of the client as a whole; `undefined` for an event of a single call. */
export function serviceChange(event: ResilienceEvent): string | undefined {
  switch (event.type) {
    case 'circuit-opened':
      return event.cause === 'probe-failed'
        ? `circuit opens again, for ${seconds(event.openTime)}: the probe failed`
        : `circuit opens for ${seconds(event.openTime)}: too many attempts have failed`
    case 'circuit-half-opened':
      return 'circuit half-open: one call may go and try'
    case 'circuit-closed':
      return 'circuit closed: the service answers again'
    case 'key-paused':
      return `nobody sends anything for ${seconds(event.ms)}`
    case 'decision-made':
      return loginChange(event)
    case 'session-opened':
      return 'logged in, session opened'
    case 'login-failed':
      return `login failed (${event.code}), ${event.retryAfter === undefined ? 'none is tried with these credentials' : `none is tried for ${seconds(event.retryAfter)}`}`
    default:
      return undefined
  }
}
