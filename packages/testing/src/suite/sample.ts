import type { ErrorRow, Fault } from '@holdfast/core/plugin'
import { faultOf } from '../fault-of.ts'
import type { WireReply } from '../wire.ts'
import type { VendorSuiteOptions } from './options.ts'

/** The host that a re-routing sample names. */
export const namedHost = '192.0.2.7'

/** The wait of a sample with one, in milliseconds, with fake time. */
export const namedWait = 7_000

/** A row's fault in one shape. */
export interface Sample {
  readonly row: ErrorRow
  readonly shape: string
  readonly fault: Fault
  readonly reply: WireReply
  /** URL of the reply: the wire's, else the suite's. */
  readonly url: string
}

/** A row's fault in every shape that can carry it. */
export function samplesOf(options: VendorSuiteOptions, row: ErrorRow): Sample[] {
  const wait = options.timers === undefined ? 0 : namedWait
  // `faultOf` adds the text that a refinement looks for in a parameter.
  const params = row.when === undefined ? row.params?.map((name) => sampleParam(row, name, wait)) : undefined
  const terse = faultOf(options.vendor.catalogue, row, params && { params })
  const verbose = { ...terse, message: `Sample of ${row.code}.` }
  return Object.entries(options.wire).flatMap(([shape, write]) => {
    // Some shapes have no message, others exist only for a failure inside a job.
    for (const fault of [verbose, terse, { ...verbose, inTask: true }]) {
      const reply = write(fault)
      if (reply === undefined) continue
      return [{ row, shape, fault, reply: withWaitHeader(reply, row, wait), url: urlOf(options, reply) }]
    }
    return []
  })
}

/** The default URL of requests. */
export const baseUrl = ({ url, vendor }: Pick<VendorSuiteOptions, 'url' | 'vendor'>): string =>
  url ?? `${vendor.origins?.[0] ?? 'https://vendor.example'}/`

/** URL of a reply: the wire's, else the suite's. */
export const urlOf = (suite: Pick<VendorSuiteOptions, 'url' | 'vendor'>, { request }: WireReply): string =>
  new URL(request?.url ?? '', baseUrl(suite)).href

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
  return withHeader(reply, row.wait.header, inUnit(wait, row.wait.unit))
}

/** The reply with one more header. */
export function withHeader(reply: WireReply, name: string, value: string): WireReply {
  const headers = new Headers(reply.headers)
  headers.set(name, value)
  return { ...reply, headers }
}

const inUnit = (ms: number, unit: 's' | 'ms') => String(unit === 's' ? ms / 1_000 : ms)
