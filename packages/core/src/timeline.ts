import type { Decision } from './contract/decision.ts'
import type { CallFields, Observer, ResilienceEvent, VerdictFacts } from './contract/event.ts'
import { requestLine } from './error/request-line.ts'
import { makesObservers } from './options/names/observers.ts'

/** Makes an observer that writes one line for each event, for a terminal, a log or a failing test. */
export const timeline: (write?: (line: string) => void) => Observer = /* @__PURE__ */ makesObservers(
  (write: (line: string) => void = console.log) =>
    (event: ResilienceEvent) => {
      const line = toLine(event)
      if (line !== undefined) write(line)
    },
)

function toLine(event: ResilienceEvent): string | undefined {
  switch (event.type) {
    case 'attempt-started':
      return undefined
    case 'attempt-ended':
      return `${head(event)} ${event.attempt}: ${event.verdict ? verdictText(event.verdict) : (event.status ?? 'no reply')} in ${time(event.ms)}`
    case 'decision-made':
      return `${head(event)} ${event.attempt}: ${event.observed ? 'would ' : ''}${todo(event.decision)}`
    case 'fault-unlisted':
      return `${head(event)} unlisted code ${event.verdict.code} of ${event.verdict.vendor}`
    case 'call-refused':
      return `${head(event)} ${event.observed ? 'would be refused' : 'refused'} (${event.reason})${event.retryAfter === undefined ? '' : `, again in ${time(event.retryAfter)}`}`
    case 'call-waited':
      return `${head(event)} waits ${time(event.ms)} (${event.reason})`
    case 'hedge-started':
      return `${head(event)} ${event.attempt}: sent once more after ${time(event.ms)}`
    case 'hedge-ended':
      return `${head(event)} ${event.attempt}: the ${event.won ? 'second' : 'first'} answer counts`
    case 'call-ended':
      return `${head(event)} ${event.reason ? `failed (${event.reason})` : 'done'} after ${event.attempts} ${event.attempts === 1 ? 'attempt' : 'attempts'}, ${time(event.ms)}`
    case 'session-opened':
      return `${event.vendor} ${event.origin} session opened`
    case 'login-failed':
      return `${event.vendor} ${event.origin} login failed (${event.code}), ${event.retryAfter === undefined ? 'none is tried with these credentials' : `none is tried for ${time(event.retryAfter)}`}`
    case 'session-closed':
      return `${event.vendor} ${event.origin} session closed`
    case 'work-started':
    case 'work-changed':
    case 'work-ended':
      return `${event.vendor} ${event.operation} ${event.work} ${workText(event)}`
    default:
      return lineOfService(event)
  }
}

type OfService = Extract<ResilienceEvent, { readonly type: `${'circuit' | 'limit' | 'key'}-${string}` }>

function lineOfService(event: OfService): string {
  switch (event.type) {
    case 'circuit-opened':
      return `${event.key} circuit opened for ${time(event.openTime)} (${event.cause})`
    case 'circuit-half-opened':
      return `${event.key} circuit half-open`
    case 'circuit-closed':
      return `${event.key} circuit closed`
    case 'limit-began':
      return `${event.key} takes no more than ${event.rate.toPrecision(2)} requests a second`
    case 'limit-ended':
      return `${event.key} takes all again`
    case 'key-paused':
      return `${event.key} paused for ${time(event.ms)}`
  }
}

const head = (fields: CallFields) => `#${fields.call} ${requestLine(fields)}`

function workText(event: Extract<ResilienceEvent, { readonly work: string }>): string {
  if (event.type === 'work-started') return 'started'
  if (event.type === 'work-ended')
    return `${event.status}${event.code === undefined ? '' : ` (${event.code})`} after ${time(event.ms)}`
  return event.status + (event.progress === undefined ? '' : ` ${Math.round(100 * event.progress)} %`)
}

const verdictText = ({ code, detail, status, kind, outcome }: VerdictFacts) =>
  `${code}${detail ? ` (${detail})` : ''}${status ? ` [${status}]` : ''}, ${kind}, ${outcome}`

function todo(decision: Decision): string {
  switch (decision.do) {
    case 'wait':
      return `wait ${time(decision.ms)} (${decision.reason})`
    case 'fail':
      return `fail (${decision.reason})`
    case 'reroute':
      return `ask ${decision.host}`
    default:
      return `${decision.do} (${decision.reason})`
  }
}

const time = (ms: number) => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`)
