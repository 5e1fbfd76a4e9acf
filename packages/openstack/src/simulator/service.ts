import { createRecorder, type RecordedCall, type Recorder } from '@holdfast/testing/simulator-kit'
import type { HttpHandler } from 'msw'
import { type AuditLog, type CloudExecuted, createAuditLog } from './audit-log.ts'
import type { Clock } from './clock.ts'
import { type CloudFaults, createFaults } from './faults.ts'
import { gatewayReply } from './gateway.ts'
import { type MiddlewareParts, middleware } from './middleware.ts'
import type { Operation } from './operation.ts'
import { createThrottle, type ThrottleOptions } from './throttle.ts'
import { type ApiFamily, checkToken, type IdentityService, type StaleToken } from './token-check.ts'

/** The parts of a service behind the gateway. */
export interface ServiceParts extends Pick<MiddlewareParts, 'base' | 'clock' | 'write' | 'malformed' | 'headers'> {
  readonly keystone: IdentityService
  readonly staleToken: StaleToken
  readonly throttle: ThrottleOptions | undefined
  /** The family of calls that a request belongs to. */
  family(request: Request): ApiFamily
  readonly operations: readonly Operation[]
  /** Planned failures of future work. */
  readonly failures: { clear(): void }
}

/** A service of the cloud in memory, behind the gateway: its handlers, its record of calls and work, its clock and its faults. */
export class CloudService {
  /** For `setupServer(...handlers)` and `serve(handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** Every request that arrived, and the answer of the service or of the gateway in front of it. */
  readonly calls: readonly RecordedCall[]
  /** Work that was really carried out: compare with what callers were told. */
  readonly executed: readonly CloudExecuted[]
  /** Faults on command for single requests. */
  readonly faults: CloudFaults
  readonly #recorder: Recorder = createRecorder({ secretHeaders: ['x-auth-token'] })
  readonly #auditLog: AuditLog = createAuditLog()
  readonly #clock: Clock
  readonly #failures: { clear(): void }

  constructor({ keystone, staleToken, throttle, family, operations, failures, ...rest }: ServiceParts) {
    const faults = createFaults()
    const handlerOf = middleware({
      ...{ ...rest, faults, recorder: this.#recorder, auditLog: this.#auditLog },
      intercept: createThrottle(throttle, rest.clock),
      check: (request, { project = '' }) =>
        checkToken(keystone, staleToken, { request, project, family: family(request) }),
    })
    const unknown: readonly Operation[] = rest.base === '' ? [] : [{ open: true, path: '/*', run: noSuchApi }]
    this.handlers = [...operations, ...unknown].map(handlerOf)
    this.calls = this.#recorder.calls
    this.executed = this.#auditLog.executed
    this.faults = faults
    this.#clock = rest.clock
    this.#failures = failures
  }

  /** Advances its clock, but not that of the identity service. */
  advance(ms: number): void {
    this.#clock.advance(ms)
  }

  /** Ends every scripted fault, and those of future work, too. */
  clearFaults(): void {
    this.faults.clear()
    this.#failures.clear()
  }

  /** Forgets calls and executed work. Backups and policies stay. */
  clear(): void {
    this.#recorder.clear()
    this.#auditLog.clear()
  }
}

const noSuchApi = () => gatewayReply('APIG.0101', 'API does not exist or is not published in the environment.')
