import { type Fault, objectsIn, parseObject, type Reply, type RequestFacts, textOf } from '@holdfast/core/plugin'
import { pathOf } from '../paths.ts'

/** Successes that tell of each of many things whether it was done: of Swift, and of Nova. */
export type SuccessKind = 'bulk' | 'events'

/** The kind of a request that does many things, and is answered with a success though some of them failed. */
export function successKindOf(request: RequestFacts): SuccessKind | undefined {
  const { method, query } = request
  if (method === 'POST' && pathOf(request).endsWith('/os-server-external-events')) return 'events'
  if (query === '' || !writing.has(method)) return undefined
  return isBulkDeletion(request) || isBulkWrite(method, new URLSearchParams(query)) ? 'bulk' : undefined
}

const writing: ReadonlySet<string> = new Set(['POST', 'PUT', 'DELETE'])

/** True for a deletion of all that a body lists. What is not there any more is no failure of it. */
export const isBulkDeletion = ({ method, query }: RequestFacts): boolean =>
  (method === 'POST' || method === 'DELETE') && query !== '' && new URLSearchParams(query).has('bulk-delete')

function isBulkWrite(method: string, asked: URLSearchParams): boolean {
  const manifest = asked.get('multipart-manifest')
  if (method === 'DELETE') return manifest === 'delete'
  return method === 'PUT' && (asked.has('extract-archive') || (manifest === 'put' && asked.has('heartbeat')))
}

/** Reads a success of such a kind. */
export function failureOfParts(kind: SuccessKind, reply: Reply): Fault | undefined {
  const fault = kind === 'events' ? readEvents(reply) : readBulk(reply)
  return fault && { ...fault, status: reply.status }
}

/** `{events: [{server_uuid, status: 'failed', code: 422}]}` with 207. */
function readEvents({ status, text }: Reply): Fault | undefined {
  if (status !== 207) return undefined
  const failed = objectsIn(parseObject(text)?.events).filter((event) => event.status === 'failed')
  const words = failed.map(({ server_uuid, code }) => `${textOf(server_uuid) ?? 'a server'} ${code}`)
  return { code: 'PARTS_FAILED', message: countOf(words) }
}

/** The status of the whole, and what failed, as JSON, as text or as XML: whatever the request accepts. */
function readBulk({ text }: Reply): Fault | undefined {
  const body = parseObject(text)
  const status =
    textOf(body?.['Response Status']) ?? /^(?:Response Status: |<response_status>)(\d{3}[\w ]*)/m.exec(text)?.[1]
  if (status === undefined || status.startsWith('2')) return undefined
  const failed = body === undefined ? failedIn(text) : pairsIn(body.Errors)
  const message = [status, textOf(body?.['Response Body']), countOf(failed)].filter(Boolean).join(': ')
  return { code: status.startsWith('5') ? 'PARTS_UNAVAILABLE' : 'PARTS_FAILED', message }
}

/** `[[name, status], …]` */
const pairsIn = (errors: unknown): readonly string[] =>
  Array.isArray(errors) ? errors.filter(Array.isArray).map((pair) => pair.join(' ')) : []

function failedIn(text: string): readonly string[] {
  const tags = [...text.matchAll(/<name>([^<]*)<\/name><status>([^<]*)/g)]
  if (tags.length > 0) return tags.map(([, name, status]) => `${name} ${status}`)
  const [, lines = ''] = text.split(/^Errors:$/m)
  return lines.split('\n').flatMap((line) => (line.includes(', ') ? line.trim().replace(', ', ' ') : []))
}

/** Failures that a message names. The rest stands in the body. */
const MOST = 3

const countOf = (failed: readonly string[]): string =>
  failed.length === 0
    ? ''
    : `${failed.length} failed: ${failed.slice(0, MOST).join('; ')}${failed.length > MOST ? '; …' : ''}`
