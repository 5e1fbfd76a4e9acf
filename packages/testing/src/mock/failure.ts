import type { ErrorRow, Spelt, Vendor } from '@holdfast/core/plugin'
import { faultOf } from '../fault-of.ts'
import { parseReply } from '../parse-reply.ts'
import { toResponse, type Wire, type WireReply, type WriteFault } from '../wire.ts'
import { named } from './nearest.ts'
import { type FailOptions, retryAfterHeader } from './step.ts'

/** Turns a vendor's codes into the replies that its server would send. */
export interface Failures<Code extends string> {
  /** Throws if the code or the shape does not exist, or no shape can carry the code. */
  check(code: Code, options: FailOptions): void
  /** The reply to this request. */
  write(code: Code, options: FailOptions, request: Request): Response
}

/** Makes a vendor's failures by code. */
export function failuresOf<Row extends ErrorRow>(vendor: Vendor<Row>, wire: Wire): Failures<Spelt<Row['code']>> {
  const rows = new Map<string, ErrorRow>()
  for (const row of vendor.catalogue.rows) if (!rows.has(row.code)) rows.set(row.code, row)
  const shapes = new Map(Object.entries(wire))

  function repliesFor(code: string, options: FailOptions): readonly WireReply[] {
    // A member of a family may be named by itself, or by the row of the family.
    const member = rows.has(code) ? undefined : vendor.catalogue.find({ code })
    const row = member ?? rowFor(named(rows, code, `code of ${vendor.name}`), vendor, options.status)
    const fault = { ...faultOf(vendor.catalogue, row, options), ...(member && { code }) }
    const writers = options.shape === undefined ? [...shapes.values()] : [named(shapes, options.shape, 'shape')]
    const replies = writers.map((write: WriteFault) => write(fault)).filter((reply) => reply !== undefined)
    if (replies.length === 0) {
      throw new TypeError(`No shape of ${vendor.name} can carry ${code}${options.shape ? ` as ${options.shape}` : ''}.`)
    }
    return replies
  }

  return {
    check(code, options) {
      repliesFor(code, options)
    },
    write(code, options, request) {
      const replies = repliesFor(code, options)
      const reply = replies.find((candidate) => readsAs(vendor, candidate, request, code)) ?? replies[0]
      const response = toResponse(reply ?? { status: 500 })
      for (const [name, value] of Object.entries({ ...retryAfterHeader(options.retryAfter), ...options.headers })) {
        response.headers.set(name, value)
      }
      return response
    },
  }
}

/** Picks the row of a code; by status if the code has a row for each status. */
function rowFor(first: ErrorRow, vendor: Vendor, status: number | undefined): ErrorRow {
  if (status === undefined) return first
  return vendor.catalogue.rows.find((row) => row.code === first.code && row.status === status) ?? first
}

/** True if the vendor itself would read this code in the reply to this request. */
function readsAs(vendor: Vendor, reply: WireReply, request: Request, code: string): boolean {
  const fault = parseReply(vendor, reply, request.method, request.url)
  return fault !== undefined && (fault.code === code || vendor.catalogue.find(fault)?.code === code)
}
