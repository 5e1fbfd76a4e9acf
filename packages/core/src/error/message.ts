import type { FailReason } from '../contract/decision.ts'
import { type NamedRequest, requestLine } from './request-line.ts'

/** The parts of the sentence. */
export interface Described {
  readonly vendor: string
  readonly code: string
  readonly detail?: string | undefined
  readonly status?: number | undefined
  readonly serverMessage?: string | undefined
  /** The error's parameters, which are quoted if the server has sent no message. */
  readonly params?: Readonly<Record<string, unknown>>
  readonly reason: FailReason
  readonly hint?: string | undefined
  readonly request: NamedRequest
  readonly attempts: readonly unknown[]
  readonly verifyWith?: string | undefined
  /** The name of work whose end can no longer be observed. */
  readonly lostWork?: string | undefined
}

/** Most characters of the server's message, and of one parameter, that are quoted. */
const LONGEST_WORDS = 1_000
const LONGEST_VALUE = 200

const REASONS: Partial<Record<FailReason, string>> = {
  attempts: 'no retries left',
  deadline: 'no time left',
  'max-wait': 'the server asks for more time than `maxWait` allows',
  budget: 'the retry budget is spent',
  'body-not-replayable': 'the body could be sent only once',
  'not-repeatable': 'not repeated, as it may have been done',
  'untrusted-host': 'the host named is not trusted',
  'host-bound': 'only the host that was asked can do it',
  'too-many-hops': 'sent from host to host too often',
  'login-failed': 'the login failed',
  'session-rejected': 'logins succeed, but their sessions are rejected',
  unlisted: 'the code is not documented',
  settled: 'the work has ended so',
  nested: 'left to the call around it',
  'circuit-open': 'the circuit has opened',
  limited: 'the service takes no more',
  paused: 'the service asked to be left alone',
  'queue-full': 'too many calls wait',
  closed: 'the client was closed',
}

/** The message of an error in one sentence: the request, the code, why the engine stopped, the server's message, the hint. */
export function describe({
  vendor,
  code,
  detail,
  status,
  serverMessage,
  params = {},
  reason,
  hint,
  request,
  attempts,
  verifyWith,
  lostWork,
}: Described): string {
  const what = `${vendor} ${code}${detail === undefined ? '' : ` (${detail})`}${status === undefined ? '' : ` [${status}]`}`
  const why = REASONS[reason] === undefined ? '' : `; ${REASONS[reason]}`
  const tries = attempts.length > 1 ? ` after ${attempts.length} attempts` : ''
  const words = shortened(serverMessage || wordsOf(params), LONGEST_WORDS)
  const quoted = words === '' ? '' : `: ${words}`
  const advice = hint ? ` (${hint})` : ''
  const verification = verifyWith ? ` To find out: ${verifyWith}.` : ''
  const line = requestLine(request)
  if (lostWork === undefined) return `${line}: ${what}${tries}${why}${quoted}${advice}${verification}`
  // This comes first: the server's message is about the poll alone, and reads as if the work had failed.
  return `${line}: the work ${lostWork} is lost, and nobody knows what came of it.${verification} (${what}${quoted})${advice}`
}

/** `vm OpaqueRef:…, expected Halted, actual Running`: only strings and numbers, those without a name last. */
const wordsOf = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .filter(([, value]) => (typeof value === 'string' && value !== '') || typeof value === 'number')
    .toSorted(([one], [other]) => Number(isPosition(one)) - Number(isPosition(other)))
    .map(([name, value]) => (isPosition(name) ? '' : `${name} `) + shortened(String(value), LONGEST_VALUE))
    .join(', ')

const isPosition = (name: string): boolean => /^\d+$/.test(name)

const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}…`
