import {
  type ChecksOf,
  checkSettings,
  count,
  duration,
  listOf,
  OptionsError,
  replyStatus,
  text,
  textOrPattern,
  whenOfFault,
} from '@holdfast/testing/simulator-kit'
import type { Hosts } from './hosts.ts'
import type { Failure } from './refusal.ts'

/** The calls that a scripted fault is for. */
export interface XapiFaultScope {
  /** Calls that it applies to before it is over. @default 1 */
  readonly times?: number
  /** The method as the caller writes it (`Async.VM.start`), the same of a task's own work (`VM.start`), or a path (`/export`). @default any call */
  readonly method?: string | RegExp
  /** Name of a host. @default any */
  readonly host?: string
  /** Before any work, or after the work was done. @default 'before' */
  readonly when?: 'before' | 'after'
}

/** The answer of a proxy, or of the HTTP server itself, in place of the API. */
export interface StatusFaultScope extends XapiFaultScope {
  /** `Retry-After` of the answer. @default none */
  readonly retryAfter?: number | string
}

/** The effect of a fault on a call. */
export type FaultEffect =
  | { readonly type: 'failure'; readonly failure: Failure }
  | { readonly type: 'drop' }
  | { readonly type: 'hang' }
  | { readonly type: 'late'; readonly ms: number }
  | { readonly type: 'status'; readonly status: number; readonly retryAfter?: number | string }

interface Script {
  readonly effect: FaultEffect
  readonly scope: XapiFaultScope
  left: number
}

/** A place where a fault may apply. */
export interface Target {
  readonly method: string
  readonly host: string
  readonly when: 'before' | 'after'
}

/** Faults on command. Faults apply in the order in which they were scripted. */
export interface XapiFaults {
  /** Fails calls with an error of the API, in the format of the call; a path with an HTTP 500 inside its 200. */
  fail(code: string, params?: readonly string[], scope?: XapiFaultScope): void
  /** Closes the connection without an answer. */
  drop(scope?: XapiFaultScope): void
  /** Does not answer until the caller gives up or the host restarts. */
  hang(scope?: XapiFaultScope): void
  /** Answers this many milliseconds late. */
  late(ms: number, scope?: XapiFaultScope): void
  /** Answers with a bare HTTP status, as a proxy does. */
  status(status: number, scope?: StatusFaultScope): void
  /** Ends every fault. */
  clear(): void
}

/** Faults with the members that the server uses. */
export interface Faults extends XapiFaults {
  /** The fault that applies here, which counts as one of its times. */
  match(target: Target, only?: FaultEffect['type']): FaultEffect | undefined
}

const checks: ChecksOf<XapiFaultScope> = { times: count, method: textOrPattern, host: text, when: whenOfFault }

const isText = (value: unknown, path: string) => {
  if (typeof value !== 'string') throw new OptionsError(path, `must be a text, got ${typeof value}.`)
}

/** Starts without faults. */
export function createFaults(hosts: Hosts): Faults {
  let scripts: Script[] = []
  const add = (effect: FaultEffect, scope: XapiFaultScope = {}) => {
    checkSettings('faults', scope, checks)
    if (scope.host !== undefined) hosts.named(scope.host)
    scripts.push({ effect, scope, left: scope.times ?? 1 })
  }
  return {
    fail(code, params = [], scope) {
      checkSettings('faults', { code, params }, { code: text, params: listOf(isText) }, ['code'])
      add({ type: 'failure', failure: { code, params } }, scope)
    },
    drop: (scope) => add({ type: 'drop' }, scope),
    hang: (scope) => add({ type: 'hang' }, scope),
    late(ms, scope) {
      checkSettings('faults', { ms }, { ms: duration }, ['ms'])
      add({ type: 'late', ms }, scope)
    },
    status(status, { retryAfter, ...scope } = {}) {
      checkSettings('faults', { status }, { status: replyStatus }, ['status'])
      add({ type: 'status', status, ...(retryAfter !== undefined && { retryAfter }) }, scope)
    },
    clear() {
      scripts = []
    },
    match(target, only) {
      const script = scripts.find((candidate) => matches(candidate, target, only))
      if (script !== undefined) script.left -= 1
      return script?.effect
    },
  }
}

function matches({ scope, left, effect }: Script, { method, host, when }: Target, only?: FaultEffect['type']): boolean {
  if (left <= 0 || (only !== undefined && effect.type !== only)) return false
  if ((scope.when ?? 'before') !== when || (scope.host ?? host) !== host) return false
  const wanted = scope.method
  return wanted === undefined || (typeof wanted === 'string' ? wanted === method : wanted.test(method))
}
