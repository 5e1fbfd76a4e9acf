import type { Done } from './audit-log.ts'
import type { Host } from './hosts.ts'
import { isChunked } from './limits.ts'
import { internalError, unauthorised } from './page.ts'
import { newRef, nullRef, vmRecord } from './records.ts'
import { type Failure, Refusal } from './refusal.ts'
import { reply } from './reply.ts'
import type { Outcome } from './rpc.ts'
import type { State } from './state.ts'

/** A request for a stream, at one of the paths outside the API. */
export interface Transfer {
  readonly host: Host
  readonly request: Request
  /** Its body, as far as it was read. */
  readonly bytes: number
  readonly done: Done
}

/** `GET /export`: a machine as a stream, or a redirect to the host that can reach its disks. */
export function exportVm(state: State, { host, request, done }: Transfer): Response {
  if (!mayPass(state, host, request)) return unauthorised('VM.export')
  return unlessRefused(state, request, () => {
    const { pathname, searchParams } = new URL(request.url)
    const [vm, { affinity }] = find(state, searchParams)
    const preferred = state.hosts.all.find(({ ref }) => ref === affinity) ?? host
    if (preferred !== host)
      return redirect(`https://${bracketed(preferred.address)}${pathname}?${unencoded(searchParams)}`)
    done('/export', vm)
    endTask(state, request, { value: '' })
    return new Response(zeros(state.settings.exportSize), { headers: exportHeaders() })
  })
}

/** `PUT /import`: a machine from a stream. */
export function importVm(state: State, { host, request, bytes, done }: Transfer): Response {
  if (!mayPass(state, host, request)) return unauthorised('VM.import')
  if (isChunked(request)) return reply(403, { statusText: 'Forbidden', headers: { connection: 'close' } })
  const vm = newRef()
  const name = `imported (${bytes} bytes)`
  const master = state.hosts.master.ref
  state.database.add('VM', vm, vmRecord({ uuid: crypto.randomUUID(), name, power: 'Halted', host: master }))
  done('/import', vm)
  endTask(state, request, { value: [vm] })
  return reply(200, { headers: { connection: 'close', 'cache-control': 'no-cache, no-store', 'task-id': newRef() } })
}

/** The head of a success, sent too soon: the failure follows as a whole HTTP answer inside its body. Only the task shows its cause. */
export async function brokenTransfer(state: State, request: Request, failure: Failure): Promise<Response> {
  endTask(state, request, { failure })
  const inner = internalError('Api_errors.Server_error(_, _)')
  const lines = [...inner.headers].map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${inner.status} ${inner.statusText}`, ...lines].join('\r\n')
  return new Response(new TextEncoder().encode(`${head}\r\n\r\n${await inner.text()}`), { headers: exportHeaders() })
}

/** A session in the query or a cookie, or Basic: whatever is wrong with it, the answer is the same 401. */
function mayPass({ sessions, hosts }: State, host: Host, { url, headers }: Request): boolean {
  if (host.emergency !== undefined) return false
  const cookie = /(?:^|;\s*)session_id=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1]
  const session = new URL(url).searchParams.get('session_id') ?? new URLSearchParams(`id=${cookie ?? ''}`).get('id')
  if (session) return sessions.has(session)
  const basic = /^Basic (.+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const [user = '', password = ''] = Buffer.from(basic ?? '', 'base64')
    .toString()
    .split(/:(.*)/s)
  return host === hosts.master && sessions.accepts(user, password)
}

function find({ database }: State, query: URLSearchParams) {
  const wanted = query.get('uuid') ?? query.get('ref') ?? nullRef
  const byUuid = [...database.all('VM')].find(([, { uuid }]) => uuid === wanted)
  return byUuid ?? ([wanted, database.get('VM', wanted)] as const)
}

function unlessRefused(state: State, request: Request, work: () => Response): Response {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    endTask(state, request, { failure: error })
    return internalError(error.message)
  }
}

/** A caller may have made a task that shows the result of the transfer. */
function endTask({ tasks }: State, { url }: Request, outcome: Outcome): void {
  const task = new URL(url).searchParams.get('task_id')
  if (task !== null) tasks.end(task, outcome)
}

const redirect = (location: string) =>
  reply(302, {
    statusText: 'Found',
    headers: { connection: 'close', 'cache-control': 'no-cache, no-store', location },
  })

const exportHeaders = () => ({
  connection: 'close',
  'cache-control': 'no-cache, no-store',
  'task-id': newRef(),
  server: 'xapi/26.21.0',
  'content-type': 'application/octet-stream',
  'content-disposition': 'attachment; filename="export.xva"',
})

/** Always https, and without a port; the query is written again, without encoding. */
const unencoded = (query: URLSearchParams) => [...query].map(([name, value]) => `${name}=${value}`).join('&')

/** An address as a URL has it. */
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address)

/** Bytes that are made as they are read. */
function zeros(size: number): ReadableStream<Uint8Array> {
  let left = size
  return new ReadableStream({
    pull(controller) {
      const chunk = new Uint8Array(Math.min(left, 65_536))
      left -= chunk.byteLength
      if (chunk.byteLength > 0) controller.enqueue(chunk)
      if (left === 0) controller.close()
    },
  })
}
