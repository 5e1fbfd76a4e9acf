import type { ErrorRow, Vendor } from '@holdfast/core/plugin'
import { factsOf, parseReply } from '../parse-reply.ts'
import type { WireReply } from '../wire.ts'
import { labelOf } from './check-catalogue.ts'
import type { VendorSuiteOptions } from './options.ts'
import { type Sample, samplesOf, urlOf } from './sample.ts'

/** Shapes of a row that the vendor does not read back as that row. */
export function findUnread(options: VendorSuiteOptions, row: ErrorRow): string[] {
  const samples = samplesOf(options, row)
  if (samples.length === 0) return [`no shape of the wire can carry ${labelOf(row)}`]
  return samples.flatMap((sample) => flawsOf(options.vendor, sample).map((flaw) => `in shape ${sample.shape} ${flaw}`))
}

function flawsOf(vendor: Vendor, { row, reply, fault, url }: Sample): string[] {
  const read = parseReply(vendor, reply, reply.request?.method ?? 'GET', url)
  if (read === undefined) return ['no fault is found']
  const found = vendor.catalogue.find(read)
  if (found !== row) return [`it reads as ${found === undefined ? `${read.code}, which has no row` : labelOf(found)}`]
  if (fault.inTask && read.inTask !== true)
    return ['it is not marked as coming from a job, so its work might be done twice']
  return actedOn(row)
    .filter((param) => String(read.params?.[positionOf(row, param)]) !== String(fault.params?.[positionOf(row, param)]))
    .map((param) => `parameter ${param}, which the engine acts on, is lost`)
}

const positionOf = (row: ErrorRow, param: string) => row.params?.indexOf(param) ?? -1

function actedOn(row: ErrorRow): string[] {
  if (row.kind !== 'retryable') return []
  const wait = row.wait !== undefined && 'param' in row.wait ? row.wait.param : undefined
  return [wait, row.reroute?.param].filter((param) => param !== undefined)
}

const junk = [
  '',
  'null',
  '[]',
  '{}',
  '0',
  '"x"',
  '{"error":',
  '<html><body>503</body></html>',
  '\u0000\ufffd',
  '[[[[{"a":[]}]]]]',
]

/** Replies that make the parser throw: what a broken server or a proxy may send, and every sample cut in two. */
export function findThrowing(options: VendorSuiteOptions): string[] {
  const samples = options.vendor.catalogue.rows.flatMap((row) => samplesOf(options, row))
  const halves = samples.map(({ reply }) => ({
    ...reply,
    body: (reply.body ?? '').slice(0, (reply.body ?? '').length / 2),
  }))
  const rubbish = [200, 204, 400, 401, 404, 500, 502, 503].flatMap((status) => junk.map((body) => ({ status, body })))
  return [...rubbish, ...halves].flatMap((reply) => tryReading(options, reply))
}

function tryReading(options: VendorSuiteOptions, reply: WireReply): string[] {
  const request = factsOf(reply.request?.method ?? 'GET', urlOf(options, reply))
  const headers = new Headers(reply.headers ?? { 'content-type': 'application/json' })
  return [true, false].flatMap((complete) => {
    try {
      options.vendor.parse({ status: reply.status, headers, text: reply.body ?? '', complete, request })
      return []
    } catch (error) {
      return [`${reply.status} ${JSON.stringify(reply.body)}: ${String(error)}`]
    }
  })
}

/** Good replies in which the vendor finds a fault. */
export function findAccused(options: VendorSuiteOptions): string[] {
  return (options.fine ?? []).flatMap((reply) => {
    const fault = parseReply(options.vendor, reply, reply.request?.method ?? 'GET', urlOf(options, reply))
    return fault === undefined ? [] : [`${reply.status} ${JSON.stringify(reply.body)} reads as ${fault.code}`]
  })
}
