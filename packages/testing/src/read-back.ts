import type { Fault, Vendor } from '@holdfast/core/plugin'
import { parseReply } from './parse-reply.ts'
import type { Wire } from './wire.ts'

/**
 * Writes a fault in each shape that can carry it, and returns the fault that the vendor reads in each.
 *
 * @param url the absolute address of the replies. If the wire names a request, its method and path count.
 */
export function readBack(
  vendor: Pick<Vendor, 'parse'>,
  wire: Wire,
  fault: Fault,
  url = 'https://vendor.example/',
): Readonly<Record<string, Fault | undefined>> {
  const read = Object.entries(wire).flatMap(([shape, write]) => {
    const reply = write(fault)
    if (reply === undefined) return []
    const { method = 'GET', url: path = '' } = reply.request ?? {}
    return [[shape, parseReply(vendor, reply, method, new URL(path, url).href)] as const]
  })
  return Object.fromEntries(read)
}
