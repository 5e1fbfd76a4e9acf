import { checkSettings, count, duration, whenOfFault } from '@holdfast/testing/simulator-kit'
import type { FaultScope } from './faults.ts'
import type { VCenterState } from './state.ts'

/** The requests of a dropped connection. */
export interface DropScope extends FaultScope {
  /** Before any work, or after the work was done; the latter applies only to requests that cause work. @default 'before' */
  readonly when?: 'before' | 'after'
}

/** Faults on command. Faults apply in the order in which they were scripted. */
export interface VCenterFaults {
  /** Refuses with SERVICE_UNAVAILABLE before any work, until `clear()`. Only a proxy before vCenter sends `Retry-After`. */
  overload(scope?: FaultScope & { readonly retryAfter?: number | string }): void
  /** Refuses the next changes of a machine with RESOURCE_BUSY. @default once */
  busy(vm: string, times?: number): void
  /** Answers this many milliseconds late, until `clear()`. */
  slow(ms: number, scope?: FaultScope): void
  /** Closes the connection without an answer: once, unless the scope says otherwise. */
  drop(scope?: DropScope): void
  /** Ends every fault, an outage included. */
  clear(): void
}

/** Makes the faults on command for a vCenter. */
export const faultsOf = ({ faults, machines }: VCenterState): VCenterFaults => ({
  overload: ({ retryAfter, ...scope } = {}) => faults.add('overload', scope, { retryAfter }),
  busy(vm, times = 1) {
    checkSettings('faults', { times }, { times: count })
    machines.occupy(vm, times)
  },
  slow(ms, scope = {}) {
    checkSettings('faults', { ms }, { ms: duration }, ['ms'])
    faults.add('slow', scope, { ms })
  },
  drop({ when = 'before', ...scope } = {}) {
    checkSettings('faults', { when }, { when: whenOfFault })
    faults.add(`drop-${when}-work`, { times: 1, ...scope })
  },
  clear() {
    faults.clear()
    machines.release()
  },
})
