import type { ErrorRow, Fault, RequestFacts, Vendor } from '@holdfast/core/plugin'
import { faultOf } from '../fault-of.ts'
import { toResponse, type WireReply } from '../wire.ts'
import type { VendorSuiteOptions } from './options.ts'

/** The host that a re-routing sample names. */
export const namedHost = '192.0.2.7'

/** The milliseconds that a sample with a wait asks for, where time is fake. */
export const namedWait = 7_000

/** A row's fault as one shape writes it. */
export interface Sample {
  readonly row: ErrorRow
  readonly shape: string
  readonly fault: Fault
  readonly reply: WireReply
  /** Address that the reply belongs to: the wire's word, else the suite's. */
  readonly url: string
}

/** A row's fault in every shape that can carry it. */
export function samplesOf(options: VendorSuiteOptions, row: ErrorRow): Sample[] {
  const wait = options.timers === undefined ? 0 : namedWait
  // What a refinement looks for in a parameter is put there by `faultOf`.
  const params = row.when === undefined ? row.params?.map((name) => sampleParam(row, name, wait)) : undefined
  const terse = faultOf(options.vendor.catalogue, row, params && { params })
  const verbose = { ...terse, message: `Sample of ${row.code}.` }
  return Object.entries(options.wire).flatMap(([shape, write]) => {
    // Some shapes have no room for a message, others exist only for what went wrong inside a job.
    for (const fault of [verbose, terse, { ...verbose, inTask: true }]) {
      const reply = write(fault)
      if (reply === undefined) continue
      const url = new URL(reply.request?.url ?? baseUrl(options), baseUrl(options)).href
      return [{ row, shape, fault, reply: withWaitHeader(reply, row, wait), url }]
    }
    return []
  })
}

/** Address of requests for which nothing else is said. */
export const baseUrl = ({ url, vendor }: Pick<VendorSuiteOptions, 'url' | 'vendor'>): string =>
  url ?? `${vendor.origins?.[0] ?? 'https://vendor.example'}/`

/** Reads a reply as the engine would. */
export function parseReply(
  vendor: Pick<Vendor, 'parse'>,
  reply: WireReply,
  method: string,
  url: string,
): Fault | undefined {
  const { headers } = toResponse(reply)
  return vendor.parse({
    status: reply.status,
    headers,
    text: reply.body ?? '',
    complete: true,
    request: factsOf(method, url),
  })
}

/** A request as vendors see it. */
export function factsOf(method: string, url: string): RequestFacts {
  const { href, origin, pathname, search } = new URL(url)
  return { method, url: href, origin, path: pathname, query: search.slice(1), bodyText: undefined }
}

function sampleParam(row: ErrorRow, name: string, wait: number): string {
  // Any other text would be the session of another service.
  if (row.kind === 'auth' && row.session?.param === name) return ''
  if (row.kind === 'retryable' && row.reroute?.param === name) return namedHost
  if (row.kind === 'retryable' && row.wait !== undefined && 'param' in row.wait && row.wait.param === name) {
    return inUnit(wait, row.wait.unit)
  }
  return `sample-${name}`
}

function withWaitHeader(reply: WireReply, row: ErrorRow, wait: number): WireReply {
  if (row.kind !== 'retryable' || row.wait === undefined || !('header' in row.wait)) return reply
  const headers = new Headers(reply.headers)
  headers.set(row.wait.header, inUnit(wait, row.wait.unit))
  return { ...reply, headers }
}

const inUnit = (ms: number, unit: 's' | 'ms') => String(unit === 's' ? ms / 1_000 : ms)
