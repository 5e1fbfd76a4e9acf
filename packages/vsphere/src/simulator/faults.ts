import { type ChecksOf, checkSettings, count, ofType } from '@holdfast/testing/simulator-kit'

/** The requests that a scripted fault is for. */
export interface FaultScope {
  /** Requests that it applies to before it is over. @default every one, until `clear()` */
  readonly times?: number
  /** @default every request that it can apply to */
  readonly where?: (request: { readonly method: string; readonly path: string; readonly query: string }) => boolean
}

/** Kinds of faults. */
export type FaultKind = 'overload' | 'outage' | 'slow' | 'drop-before-work' | 'drop-after-work'

/** Details of a fault, for kinds that need them. */
export interface FaultDetail {
  readonly retryAfter?: number | string | undefined
  /** The delay, in milliseconds. */
  readonly ms?: number
  /** No answer at all. */
  readonly dropped?: boolean
}

interface ScriptedFault extends FaultDetail {
  readonly kind: FaultKind
  readonly where: FaultScope['where']
  left: number
}

/** Faults in the order in which they were scripted. */
export interface Faults {
  add(kind: FaultKind, scope: FaultScope, detail?: FaultDetail): void
  /** The fault of this kind that applies to the request, which counts as one of its times. */
  match(kind: FaultKind, request: Request): FaultDetail | undefined
  clear(kind?: FaultKind): void
}

const checks: ChecksOf<FaultScope> = { times: count, where: ofType('function') }

/** Starts without faults. */
export function createFaults(): Faults {
  let faults: ScriptedFault[] = []
  return {
    add(kind, scope, detail = {}) {
      checkSettings('faults', scope, checks)
      const { times = Number.POSITIVE_INFINITY, where } = scope
      faults.push({ ...detail, kind, where, left: times })
    },
    match(kind, request) {
      const { pathname, search } = new URL(request.url)
      const facts = { method: request.method, path: pathname, query: search.slice(1) }
      const fault = faults.find(
        (candidate) => candidate.kind === kind && candidate.left > 0 && (candidate.where?.(facts) ?? true),
      )
      if (fault !== undefined) fault.left -= 1
      return fault
    },
    clear(kind) {
      faults = kind === undefined ? [] : faults.filter((fault) => fault.kind !== kind)
    },
  }
}
