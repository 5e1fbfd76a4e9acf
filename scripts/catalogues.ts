import { catalogue as bearer } from '@holdfast/bearer'
import { http } from '@holdfast/core'
import type { Catalogue, ErrorRow } from '@holdfast/core/plugin'
import { catalogue as csbs } from '@holdfast/csbs'
import { catalogue as openstack } from '@holdfast/openstack'
import { catalogue as vbs } from '@holdfast/vbs'
import { catalogue as vsphere } from '@holdfast/vsphere'
import { catalogue as xenapi } from '@holdfast/xenapi'

/** Every catalogue of this repository. */
export const catalogues: readonly Catalogue[] = [http.catalogue, vsphere, xenapi, openstack, csbs, vbs, bearer]

/** What may be set in a row, in the order in which it is printed. */
const columns = [
  'code',
  'refines',
  'when',
  'status',
  'kind',
  'reauth',
  'ended',
  'session',
  'outcome',
  'trips',
  'pauses',
  'pace',
  'busy',
  'wait',
  'reroute',
  'achieved',
  'params',
  'hint',
  'source',
  'why',
]

/** A row as others may read it: what is set of it, and whose it is. */
export function flatRow(vendor: string, row: ErrorRow): Record<string, unknown> {
  const facts = new Map<string, unknown>(Object.entries(row))
  const set = columns.filter((column) => facts.get(column) !== undefined)
  return { vendor, ...Object.fromEntries(set.map((column) => [column, facts.get(column)])) }
}
