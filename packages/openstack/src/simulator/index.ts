/** Parts of the simulators of OpenStack services: a service behind the gateway, the token check, error envelopes, faults on command. */
export { type AuditLog, type CloudExecuted, createAuditLog } from './audit-log.ts'
export { type Clock, createClock } from './clock.ts'
export { type CloudWork, type OpenstackServer, type OpenstackServerOptions, openstackServer } from './cloud/cloud.ts'
export type { CloudKind } from './cloud/kinds.ts'
export type { CloudObject } from './cloud/objects.ts'
export { dig, listAt, textAt } from './dig.ts'
export { dumps } from './dumps.ts'
export { createPlannedFailures, type PlannedFailures, type WorkFailure } from './failures.ts'
export { faultReply, isFaultName } from './fault-reply.ts'
export {
  type BareStatusScope,
  type CloudFaultScope,
  type CloudFaults,
  type CodeFaultScope,
  createFaults,
  type Faults,
  type ThrottledScope,
} from './faults.ts'
export { gatewayReply, isGatewayCode, newHex } from './gateway.ts'
export { type MiddlewareParts, middleware } from './middleware.ts'
export { type Asked, type Operation, param } from './operation.ts'
export { Refusal, refuse } from './refusal.ts'
export { type CloudReply, compact, spaced } from './reply.ts'
export { CloudService, type ServiceParts } from './service.ts'
export type { ThrottleOptions } from './throttle.ts'
export { type ApiFamily, type IdentityService, identityService, type StaleToken } from './token-check.ts'
