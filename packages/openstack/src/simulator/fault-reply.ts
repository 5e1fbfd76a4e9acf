import type { Refusal } from './refusal.ts'
import { type CloudReply, spaced } from './reply.ts'

/** Statuses of faults that OpenStack services name in their bodies. */
const faults: Readonly<Record<string, number>> = {
  badRequest: 400,
  unauthorized: 401,
  forbidden: 403,
  itemNotFound: 404,
  badMethod: 405,
  conflictingRequest: 409,
  overLimit: 413,
  badMediaType: 415,
  computeFault: 500,
  notImplemented: 501,
  serviceUnavailable: 503,
}

const names = new Map(Object.entries(faults).map(([name, status]) => [status, name]))

/** True for a name such as `badRequest`. */
export const isFaultName = (code: string) => Object.hasOwn(faults, code)

/** Keyed by the fault's name; its code is the HTTP status, or the code of the vendor if there is one. */
export function faultReply({ code, message, status }: Refusal): CloudReply {
  const number = status ?? faults[code] ?? 400
  const name = isFaultName(code) ? code : (names.get(number) ?? 'computeFault')
  if (name === 'overLimit') return quotaReached(message)
  return {
    ...spaced(number, { [name]: { code: isFaultName(code) ? number : code, message } }),
    statusText: reasons[number] ?? '',
  }
}

/** A quota error that looks like a rate limit: a retry after 0 seconds does not help. */
const quotaReached = (message: string): CloudReply => ({
  ...spaced(413, { overLimit: { code: 413, message, retryAfter: '0' } }, { 'retry-after': '0' }),
  statusText: 'Request Entity Too Large',
})

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
