import { defineCatalogue, defineVendor, type Fault, type Vendor } from '../../src/plugin.ts'
import type { Answer } from './stub-fetch.ts'

/** A small API of parcels on a belt, with an error of every class. */
export const catalogue = defineCatalogue('depot', [
  {
    code: 'BELT_BUSY',
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    params: ['belt', 'seconds'],
    wait: { param: 'seconds', unit: 's' },
    hint: 'Wait for the belt.',
  },
  {
    code: 'BELT_JAMMED',
    kind: 'retryable',
    outcome: 'unknown',
    pace: 'slow',
    hint: 'Somebody clears the belt.',
  },
  {
    code: 'DEPOT_DOWN',
    status: 503,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    trips: true,
    hint: 'Look at the depot.',
  },
  {
    code: 'DOOR_MOVED',
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    params: ['host'],
    reroute: { param: 'host' },
    hint: 'Ask at the other endpoint.',
  },
  { code: 'BADGE_EXPIRED', status: 401, kind: 'auth', outcome: 'rejected', reauth: true, hint: 'Log in again.' },
  { code: 'BADGE_WEAK', status: 403, kind: 'auth', outcome: 'rejected', reauth: false, hint: 'Ask for the right.' },
  { code: 'PARCEL_THERE', kind: 'conflict', outcome: 'rejected', achieved: true, hint: 'It lies there already.' },
  { code: 'PARCEL_LOCKED', kind: 'conflict', outcome: 'rejected', params: ['parcel'], hint: 'Unlock it.' },
  { code: 'LABEL_BAD', kind: 'fatal', outcome: 'rejected', hint: 'Print another label.' },
  { code: 'SCALE_BROKEN', status: 500, kind: 'fatal', outcome: 'unknown', trips: true, hint: 'Mend the scale.' },
])

type Row = (typeof catalogue)['rows'][number]

const faultIn = (text: string): Fault | undefined => {
  if (!text.startsWith('{"error"')) return undefined
  return (JSON.parse(text) as { error: Fault }).error
}

/** The depot's vendor, with changes. */
export const depot = (changes: Partial<Vendor<Row>> = {}): Vendor<Row> =>
  defineVendor<Row>({
    name: 'depot',
    catalogue,
    scope: ({ path }) => (path.startsWith('/login') ? 'login' : 'belts'),
    parse: ({ text, complete }) => (complete ? faultIn(text) : undefined),
    ...changes,
  })

/** A reply in which the depot says this. */
export const says =
  (code: string, more: Partial<Fault> & { readonly headers?: HeadersInit } = {}): Answer =>
  () => {
    const { headers = {}, status = 400, ...fault } = more
    return new Response(JSON.stringify({ error: { code, ...fault } }), { status, headers })
  }

/** The answers of the depot, which uses every member that a vendor may have. */
export const byDepot = {
  covers: () => true,
  scope: () => 'belts',
  limits: () => undefined,
  bodyNeed: () => 'whole',
  isSafe: () => undefined,
  isRepeatable: () => undefined,
  isHostBound: () => false,
  mayRelay: () => false,
  needsRequestBody: () => false,
  secretsIn: () => [],
  parse: ({ text }: { readonly text: string }) => faultIn(text),
  verifyWith: () => undefined,
  operation: () => undefined,
} as const satisfies Partial<Vendor<Row>>
