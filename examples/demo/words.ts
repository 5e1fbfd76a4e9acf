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
  /** What was asked. */
  readonly url: string
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

/** How an answer is to be told. */
export interface Manner {
  /** Whether the call changes anything. */
  readonly changes: boolean
  /** Whether to say which host has answered. */
  readonly isPool: boolean
  /** A crowd is told no times. */
  readonly forCrowd?: boolean
}

/** What came back, and what it means: `500 RESOURCE_BUSY, retryable, nothing was done`. */
export function answer(event: Answer, { changes, isPool, forCrowd = false }: Manner): string {
  const what = said(event, forCrowd) + (isPool ? ` from ${new URL(event.url).hostname}` : '')
  const { verdict } = event
  if (verdict === undefined) return what
  return `${what}, ${verdict.source === 'unlisted' ? 'not in the catalogue' : verdict.kind}${effect(verdict, changes)}`
}

function said({ verdict, ms = 0, status = verdict?.status }: Answer, forCrowd: boolean): string {
  if (verdict === undefined) return `${status} ${STATUS_CODES[status ?? 0] ?? ''}`
  const { code } = verdict
  if (status === undefined) {
    return code === 'ATTEMPT_TIMEOUT' && !forCrowd ? `no answer within ${seconds(ms)}` : `no answer (${code})`
  }
  // Where the status says nothing of a failure, the code comes first.
  return status < 400 ? `${code} (HTTP ${status})` : `${status} ${code}`
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
  if (typeof body === 'object' && body !== null && 'jsonrpc' in body && 'result' in body) return glimpse(body.result)
  const text = JSON.stringify(body)
  return text.length > 50 ? `${text.slice(0, 50)}…` : text
}

/** A login that goes on elsewhere, or later. */
function loginNews({ key, url, verdict, decision: made }: Made): string | undefined {
  if (!key.endsWith(' login') || (made.do !== 'reroute' && made.do !== 'wait')) return undefined
  return `login at ${new URL(url).hostname}: ${said({ url, verdict }, false)} → ${decision(made)}`
}

type Made = Extract<ResilienceEvent, { type: 'decision-made' }>

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
    case 'decision-made':
      return loginNews(event)
    case 'session-opened':
      return 'logged in, session opened'
    case 'login-failed':
      return `login failed (${event.code}), none is tried for ${seconds(event.retryAfter)}`
    default:
      return undefined
  }
}
