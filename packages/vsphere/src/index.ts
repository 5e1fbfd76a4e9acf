import { defineVendor, type ErrorRow, type RequestFacts, type Vendor } from '@holdfast/core/plugin'
import { catalogue } from './catalogue.ts'
import { hintFor } from './hints.ts'
import { operation } from './operation.ts'
import { checkOptions, type VsphereOptions } from './options.ts'
import { parse } from './parse.ts'
import {
  answersNoPage,
  isCovered,
  isRepeatable,
  isSafe,
  isSession,
  isSlow,
  resultKindOf,
  webServiceOf,
} from './requests.ts'
import { secretsIn } from './secrets.ts'
import { sessionHeader, sessionSource } from './session.ts'
import { verificationOf } from './verification.ts'
import { isLongPoll, isServiceRead, longPollLimits } from './web-services.ts'

export { catalogue, type VsphereCode } from './catalogue.ts'
export type { VsphereOptions } from './options.ts'
export type { VsphereCredentials, VsphereSurface } from './session.ts'

/** One row of vSphere's catalogue. `Extract` gives the union of all rows this name, which editors show. */
export type VsphereRow = Extract<(typeof catalogue)['rows'][number], ErrorRow>

const slowLimits = { timeout: 10 * 60_000, totalTimeout: 30 * 60_000 } as const

/**
 * The vSphere Automation API: its errors on `/api` and `/rest`, and its sessions if it is given credentials.
 *
 * Faults of its JSON-RPC (a POST to `/api`), of the Web Services API (`/sdk`) and of related services (`/pbm`, `/vsanHealth`, …) are
 * read, too, but their caller must sign these requests. Everything else on the host is treated as plain HTTP.
 *
 * @example
 * const vcenter = resilient(fetch, { vendor: vsphere({ url: 'https://vc.example', username, password }) })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function vsphere(options: VsphereOptions = {}): Vendor<VsphereRow> {
  const { origin, surface, credentials } = checkOptions(options)
  return defineVendor({
    name: 'vsphere',
    catalogue,
    parse,
    covers: isCovered,
    scope: scopeOf,
    operation,
    hintFor,
    isSafe: (request) => (isServiceRead(request) ? true : isSafe(request)),
    isRepeatable,
    verifyWith: verificationOf,
    limits: (request) => (isLongPoll(request) ? longPollLimits(request) : isSlow(request) ? slowLimits : undefined),
    bodyNeed: (request) => (resultKindOf(request) === undefined ? 'none' : 'whole'),
    answersNoPage,
    secretHeaders: [sessionHeader],
    secretsIn,
    successes: { 200: 'OK', 201: 'CREATED', 202: 'ACCEPTED', 204: 'NO_CONTENT' },
    ...(origin !== undefined && { origins: [origin] }),
    ...(credentials !== undefined && { auth: sessionSource(surface, credentials) }),
  })
}

/**
 * The part of vCenter that answers. Logins have their own, because at the session limit they are refused while open sessions still
 * work. A long poll lasts until something has changed, and must not take the place of another call.
 */
function scopeOf(request: RequestFacts): string {
  if (isSession(request)) return 'login'
  const service = webServiceOf(request)
  if (service === undefined) return 'data'
  return isLongPoll(request) ? 'updates' : service
}
