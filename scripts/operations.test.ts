import type { RequestFacts } from '@holdfast/core/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { subjects } from './secrets/vendors.ts'

// One property for all vendors: what a caller sends never stands in the name of what he asked for.

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
const uuid = fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((parts) => parts.join('-'))
/** Identifiers as the vendors have them, and any text: no word of an API is among them. */
const token = fc.oneof(
  uuid,
  hex(32),
  uuid.map((id) => `OpaqueRef:${id}`),
  uuid.map((id) => `id:${id}`),
  fc.tuple(fc.constantFrom('vm', 'host', 'domain-c', 'resgroup', 'task'), fc.nat()).map(([kind, n]) => `${kind}-${n}0`),
  fc.nat().map((n) => `${n}0`),
  fc.string({ minLength: 1 }).map((text) => `zq${encodeURIComponent(text.toWellFormed())}`),
)

/** A place in a request: a word of some API, or one that the caller fills. */
const words = [
  ...[
    'api',
    'rest',
    'com',
    'vmware',
    'vcenter',
    'vm',
    'power',
    'hardware',
    'disk',
    'cis',
    'tagging',
    'tag-association',
  ],
  ...[
    'sdk',
    'vim25',
    'content',
    'library',
    'item',
    'v1',
    'v2',
    'v3',
    'identity',
    'auth',
    'tokens',
    'policies',
    'start',
  ],
  ...['backups', 'restore', 'providers', 'resources', 'action', 'csbs_backup', 'tags', 'import', 'export', 'services'],
  ...['jsonrpc', 'RPC2', 'session', 'users', 'os-vendor-backup-sharing', 'cloudbackups', 'jobs', 'tasks', 'appliance'],
  ...[
    'servers',
    'volumes',
    'networks',
    'routers',
    'images',
    'metadata',
    'v2.0',
    'v2.1',
    'compute',
    'projects',
    'roles',
  ],
]
const place = fc.oneof(fc.constantFrom(...words), fc.constant(undefined))
const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', undefined)
const actions = fc.constantFrom('?action=start', '?~action=attach', '?action=', '?~action=', '?sort=', '?x=', '')
const calls = fc.constantFrom(
  ...['VM.start', 'VM_start', 'Async.VM.start', 'VM.get_', 'VM.set_', 'VM.', 'Async.VM.', 'system.', 'system.isAlive:'],
  ...['Async.', 'SR.get_all', 'SR_', ''],
)
const formats = fc.constantFrom('json-rpc-1.0', 'json-rpc-2.0', 'xml-rpc', undefined)

type Format = 'json-rpc-1.0' | 'json-rpc-2.0' | 'xml-rpc'

interface Shape {
  readonly method: string | undefined
  readonly segments: readonly (string | undefined)[]
  readonly action: string
  readonly call: string
  readonly format: Format | undefined
}
const shape: fc.Arbitrary<Shape> = fc.record({
  method: methods,
  segments: fc.array(place, { maxLength: 8 }),
  action: actions,
  call: calls,
  format: formats,
})

/** A call as its client writes it. */
function writeCall(format: Format, method: string, params: readonly string[]): string {
  if (format === 'json-rpc-1.0') return JSON.stringify({ method, params, id: 1 })
  if (format === 'json-rpc-2.0') return JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
  const list = params.map((param) => `<param><value>${param}</value></param>`).join('')
  return `<methodCall><methodName>${method}</methodName><params>${list}</params></methodCall>`
}

/** A request of this shape, filled with these texts in turn. */
function requestOf({ method, segments, action, call, format }: Shape, texts: readonly string[]): RequestFacts {
  let at = 0
  const next = () => texts[at++ % texts.length] ?? ''
  const path = `/${segments.map((segment) => segment ?? next().replaceAll('/', '')).join('/')}`
  const query = action.endsWith('=') ? action + encodeURIComponent(next()) : action
  const url = new URL(`https://service.example${path}${query}`)
  const name = /[._:]$|^$/.test(call) ? call + next().replaceAll('.', '') : call
  return {
    method: method ?? next().toUpperCase(),
    url: url.href,
    origin: url.origin,
    path: url.pathname,
    query: url.search.slice(1),
    bodyText: format === undefined ? next() : writeCall(format, name, [next(), next()]),
  }
}

// Who knows no paths names none.
const vendors = subjects.flatMap(({ name, vendor }) =>
  vendor?.operation === undefined ? [] : [[name, vendor] as const],
)
const texts = fc.array(token, { minLength: 6, maxLength: 6 })

describe.each(vendors)('the name of an operation of %s', (_name, vendor) => {
  it('is the same whatever fills the places of a request', () => {
    fc.assert(
      fc.property(shape, texts, texts, (asked, some, others) => {
        const name = vendor.operation?.(requestOf(asked, some))
        expect(name).toEqual(expect.any(String))
        expect(vendor.operation?.(requestOf(asked, others))).toBe(name)
      }),
      { numRuns: 2_000 },
    )
  })

  it('holds no identifier, no digits and no text of the caller', () => {
    fc.assert(
      fc.property(shape, texts, (asked, some) => {
        const name = vendor.operation?.(requestOf(asked, some)) ?? ''
        expect(name).not.toMatch(/zq|OpaqueRef|[\da-f]{8}|id:/)
        // Numbers of versions are words of an API.
        expect(name.replaceAll(/\/vim25|\/v\d(?:\.\d)?(?=\/|$)|ipv[46]|\/RPC2$/g, '')).not.toMatch(/\d/)
        expect(name.length).toBeLessThan(200)
      }),
      { numRuns: 2_000 },
    )
  })
})
