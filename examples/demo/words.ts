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

/** What an event says of an answer. */
interface Answer {
  readonly status?: number
  /** Milliseconds that it took. */
  readonly ms?: number
  readonly verdict?: VerdictFacts
}

/** Milliseconds as seconds. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`

/** A count with its noun: `1 login`, `1,000 calls`. */
export const count = (many: number, one: string, more = `${one}s`): string =>
  `${many.toLocaleString('en')} ${many === 1 ? one : more}`

/** What came back, and what it means: `500 RESOURCE_BUSY, retryable, nothing was done`. A crowd is told no times. */
export function answer(
  { verdict, ms = 0, status = verdict?.status }: Answer,
  changes: boolean,
  forCrowd = false,
): string {
  if (verdict === undefined) return `${status} ${STATUS_CODES[status ?? 0] ?? ''}`
  const { code, kind, source } = verdict
  const isLate = code === 'ATTEMPT_TIMEOUT' && !forCrowd
  const silence = isLate ? `no answer within ${seconds(ms)}` : `no answer (${code})`
  const what = status === undefined ? silence : `${status} ${code}`
  return `${what}, ${source === 'unlisted' ? 'not in the catalogue' : kind}${effect(verdict, changes)}`
}

/** Only where something may be tried again does it matter whether it has been done. */
function effect({ kind, outcome }: VerdictFacts, changes: boolean): string {
  if (kind !== 'retryable') return ''
  if (outcome === 'rejected') return ', nothing was done'
  return changes ? ', may have been done' : ', outcome unknown'
}

/** What is done about it. A crowd is told no single wait. */
export function decision(made: Decision, forCrowd = false): string {
  switch (made.do) {
    case 'wait': {
      const how = forCrowd ? 'wait' : `wait ${seconds(made.ms)}`
      return made.reason === 'server-hint'
        ? `${how} as the server asks (Retry-After), then try again`
        : `${how} (back-off), then try again`
    }
    case 'renew':
      return 'log in again, then try again'
    case 'reroute':
      return `ask ${made.host} instead`
    case 'ask':
      return 'ask the caller what to do'
    case 'return':
      return `take it for success (${made.reason})`
    case 'fail':
      return reasons[made.reason] ?? `give up (${made.reason})`
  }
}

const reasons: Partial<Record<FailReason, string>> = {
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

/** Why a call was not sent at all. */
export const refusal: Readonly<Record<RefusalReason, string>> = {
  'circuit-open': 'the circuit is open',
  paused: 'the service asked to be left alone',
  'queue-full': 'too many calls wait already',
}

/** An error as its caller sees it. */
export function outline(error: VendorError | RefusedError): string {
  if (isRefused(error)) return `${error.name}, to come back in ${seconds(error.retryAfter)}`
  const { name, code, kind, mayBeDone } = error
  return `${name} ${code} (${kind})${mayBeDone ? ', mayBeDone: true' : ''}`
}

/** As much of a body as fits into a line. */
export function glimpse(body: unknown): string {
  if (Array.isArray(body)) return `a list of ${body.length}`
  const text = JSON.stringify(body)
  return text.length > 50 ? `${text.slice(0, 50)}…` : text
}

/** What happened to the client as a whole; `undefined` for what belongs to a single call. */
export function news(event: ResilienceEvent): string | undefined {
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
    case 'session-opened':
      return 'logged in, session opened'
    case 'session-refused':
      return `login failed (${event.code}), none is tried for ${seconds(event.retryAfter)}`
    default:
      return undefined
  }
}
