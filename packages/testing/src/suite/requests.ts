import { factsOf } from '../parse-reply.ts'
import type { CaseRequest, VendorSuiteOptions } from './options.ts'
import { baseUrl, type Sample } from './sample.ts'

/** A request of the suite, with a flag that says if it may be repeated when its outcome is unknown. */
export interface Requested {
  readonly request: CaseRequest
  readonly repeatable: boolean
}

/** The suite's request that may always be repeated. */
export const readOf = (suite: VendorSuiteOptions): CaseRequest => suite.read ?? { method: 'GET', url: baseUrl(suite) }

/** The suite's request that must not be repeated when its outcome is unknown. */
export const writeOf = (suite: VendorSuiteOptions): CaseRequest =>
  suite.write ?? { method: 'POST', url: baseUrl(suite), headers: { 'content-type': 'application/json' }, body: '{}' }

const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
const idempotent = new Set([...safe, 'PUT', 'DELETE'])

/** Both requests; only one of them for a reply that the other cannot get. */
export function requestsFor(suite: VendorSuiteOptions, { reply, url }: Sample): Requested[] {
  const both = [
    { request: readOf(suite), repeatable: true },
    { request: writeOf(suite), repeatable: false },
  ]
  const named = reply.request
  if (named === undefined) return both
  return both
    .filter(({ repeatable }) => repeatable === safe.has(named.method))
    .map(({ request }) => ({
      request: { ...request, method: named.method, url },
      repeatable: mayRepeat(suite, named.method, url),
    }))
}

/** True for a request that may be repeated, by the vendor or else by its method. */
const mayRepeat = ({ vendor }: VendorSuiteOptions, method: string, url: string): boolean =>
  vendor.isRepeatable?.(factsOf(method, url)) ?? idempotent.has(method)
