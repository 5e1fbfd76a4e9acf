import {
  type ChecksOf,
  checkSettings,
  count,
  duration,
  OptionsError,
  replyStatus,
  text,
  textOrPattern,
  whenOfFault,
} from '@holdfast/testing/simulator-kit'
import { badGateway, throttled } from './gateway.ts'
import type { CloudReply } from './reply.ts'

/** The requests that a scripted fault is for. */
export interface CloudFaultScope {
  /** Requests that it applies to before it is over. @default 1 */
  readonly times?: number
  /** In capitals. @default any */
  readonly method?: string
  /** Text that the path contains, or a pattern for it. @default any */
  readonly path?: string | RegExp
  /** Before the token is checked and anything is done, or after the request has been carried out. @default 'before' */
  readonly when?: 'before' | 'after'
}

/** A failure in the format of the called API. */
export interface CodeFaultScope extends CloudFaultScope {
  /** HTTP status. @default the code's own */
  readonly status?: number
  /** The server's message. @default a sentence without information */
  readonly message?: string
}

/** The answer of a server in front of the service. */
export interface BareStatusScope extends CloudFaultScope {
  /** `Retry-After` of the answer. @default none */
  readonly retryAfter?: number | string
}

/** The gateway's throttling. */
export interface ThrottledScope extends CloudFaultScope {
  /** Requests in the window. @default 5 */
  readonly limit?: number
  /** As the message has it: `30 second`, `1 minute`, `2 hour`. @default '1 minute' */
  readonly window?: string
}

/** The effect of a fault on a request. */
export type FaultEffect =
  | { readonly type: 'failure'; readonly code: string; readonly status?: number; readonly message: string }
  | { readonly type: 'reply'; readonly reply: CloudReply }
  | { readonly type: 'drop' }
  | { readonly type: 'hang' }
  | { readonly type: 'late'; readonly ms: number }

/** Faults on command. Faults apply in the order in which they were scripted. */
export interface CloudFaults {
  /** Fails requests with any code, in the envelope of the API that is called; the gateway's own codes in the gateway's. */
  fail(code: string, scope?: CodeFaultScope): void
  /** The gateway throttles (APIG.0308): only the message says how long to wait. */
  throttle(scope?: ThrottledScope): void
  /** The load balancer cannot reach a server: 502 with a page in HTML. */
  badGateway(scope?: CloudFaultScope): void
  /** Answers with a bare HTTP status. */
  status(status: number, scope?: BareStatusScope): void
  /** Closes the connection without an answer. */
  drop(scope?: CloudFaultScope): void
  /** Does not answer until the caller gives up. */
  hang(scope?: CloudFaultScope): void
  /** Answers this many milliseconds late. */
  late(ms: number, scope?: CloudFaultScope): void
  /** Ends every fault. */
  clear(): void
}

/** Faults with the members that the server uses. */
export interface Faults extends CloudFaults {
  /** The fault that applies here, which counts as one of its times. */
  match(request: Request, when: 'before' | 'after'): FaultEffect | undefined
}

interface Script {
  readonly effect: FaultEffect
  readonly scope: CloudFaultScope
  left: number
}

const checks: ChecksOf<CloudFaultScope> = {
  times: count,
  method(value, path) {
    text(value, path)
    if (value !== String(value).toUpperCase()) throw new OptionsError(path, 'must be in capitals.')
  },
  path: textOrPattern,
  when: whenOfFault,
}

/** Starts without faults. */
export function createFaults(): Faults {
  let scripts: Script[] = []
  const add = (effect: FaultEffect, scope: CloudFaultScope = {}) => {
    checkSettings('faults', scope, checks)
    scripts.push({ effect, scope, left: scope.times ?? 1 })
  }
  const answer = (reply: CloudReply, scope?: CloudFaultScope) => add({ type: 'reply', reply }, scope)
  return {
    fail(code, { status, message = 'made to fail', ...scope } = {}) {
      checkSettings('faults', { code, status }, { code: text, status: replyStatus }, ['code'])
      add({ type: 'failure', code, message, ...(status !== undefined && { status }) }, scope)
    },
    throttle: ({ limit = 5, window = '1 minute', ...scope } = {}) => answer(throttled(limit, window), scope),
    badGateway: (scope) => answer(badGateway, scope),
    status(status, { retryAfter, ...scope } = {}) {
      checkSettings('faults', { status }, { status: replyStatus }, ['status'])
      answer({ status, ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }) }, scope)
    },
    drop: (scope) => add({ type: 'drop' }, scope),
    hang: (scope) => add({ type: 'hang' }, scope),
    late(ms, scope) {
      checkSettings('faults', { ms }, { ms: duration }, ['ms'])
      add({ type: 'late', ms }, scope)
    },
    clear() {
      scripts = []
    },
    match(request, when) {
      const script = scripts.find((candidate) => matches(candidate, request, when))
      if (script !== undefined) script.left -= 1
      return script?.effect
    },
  }
}

function matches({ scope, left }: Script, request: Request, when: 'before' | 'after'): boolean {
  if (left <= 0 || (scope.when ?? 'before') !== when) return false
  if (scope.method !== undefined && scope.method !== request.method) return false
  const { pathname } = new URL(request.url)
  if (scope.path === undefined) return true
  return typeof scope.path === 'string' ? pathname.includes(scope.path) : scope.path.test(pathname)
}
