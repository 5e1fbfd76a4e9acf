import { getEventListeners } from 'node:events'
import { isRefused, isVendorError, type ResilientOptions } from '@holdfast/core'
import type { CellClient, ClientKind } from './client-kind.ts'
import type { Fault } from './fault.ts'
import type { MatrixRequest } from './requests.ts'
import { CELL, type FaultyServer, type Plan } from './server.ts'
import { tellsSecret } from './told.ts'

/** Beside its fault, what happens to a call as its first request arrives. */
export const interruptions = ['nothing', 'abort', 'close', 'drain'] as const

/** One client, one request, one fault. */
export interface Cell {
  readonly kind: ClientKind
  readonly request: MatrixRequest
  readonly fault: Fault
  /** Arrivals that meet the fault. */
  readonly times: number
  readonly interruption: (typeof interruptions)[number]
}

export const nameOfCell = ({ kind, request, fault, times, interruption }: Cell): string =>
  [kind.name, request.name, fault.name, times === 1 ? 'once' : 'always', interruption].join(' · ')

/** The result of a cell. */
export interface CellResult {
  readonly cell: string
  /** How it ended: `returned`, the code of an error, or what else was thrown. */
  readonly end: string
  readonly arrivals: number
  readonly done: number
  /** Words for all that must not be. */
  readonly flaws: readonly Flaw[]
}

/** The rules that must never be broken. */
export const flaws = {
  hangs: 'calls or bodies that never settle',
  repeated: 'work done twice that must not be',
  undone: 'errors that deny what was done',
  invented: 'errors that suspect what never left',
  foreign: 'endings that are none of ours',
  told: 'errors and events that tell a secret',
  listeners: 'listeners left on a signal',
  sockets: 'sockets left with an exchange under way',
  unmet: 'faults that were never met',
} as const
export type Flaw = keyof typeof flaws

/** Against what hangs, and nothing else. */
const HANG = 200_000

/** Only a silent server is waited for until a limit, so only there it is short. */
const optionsFor = ({ isSilent = false }: Fault): ResilientOptions => ({
  timeout: isSilent ? 150 : HANG,
  totalTimeout: isSilent ? 600 : HANG,
  bodyTimeout: isSilent ? 150 : HANG,
  retry: { limit: 2, backoff: { fast: { base: 1, limit: 2 }, slow: { base: 1, limit: 2 } } },
})
const reason = new Error('given up')

let cells = 0

/** Runs one cell at the server of its kind. */
export async function runCell(cell: Cell, server: FaultyServer, closedUrl: string): Promise<CellResult> {
  const { kind, request, fault, times, interruption } = cell
  const controller = new AbortController()
  const { signal } = controller
  const url = fault.isUnsent ? closedUrl : server.url
  const events: unknown[] = []
  const client = kind.open(url, { ...optionsFor(fault), observers: [(event) => events.push(event)] })
  let closing: Promise<void> | undefined
  const interrupt = () => {
    if (interruption === 'abort') controller.abort(reason)
    if (interruption === 'close') closing ??= client.close()
    if (interruption === 'drain') closing ??= client.close({ drain: 50 })
  }
  const id = String(cells++)
  const plan = server.plan(id, { fault, times, onArrival: interrupt })
  if (fault.isUnsent) setImmediate(interrupt)
  const given = argumentsOf(cell, url, { id, signal })
  // A `Request` listens to its signal for itself.
  const listening = getEventListeners(signal, 'abort').length
  const end = await settled(send(client, given))
  const closed = await settled((closing ?? client.close()).then(() => 'closed'))
  const isFree = await within(HANG, closedSockets(plan))
  const found: (Flaw | false)[] = [
    (end === HUNG || closed === HUNG) && 'hangs',
    !request.repeatable && plan.done > 1 && 'repeated',
    ...flawsOfEnd(end, plan, cell),
    tellsSecret([end !== HUNG && 'thrown' in end && end.thrown, events], kind.secrets) && 'told',
    getEventListeners(signal, 'abort').length > listening && 'listeners',
    isFree === HUNG && 'sockets',
    interruption === 'nothing' && !fault.isSilent && !fault.isUnsent && plan.arrivals === 0 && 'unmet',
  ]
  return {
    cell: nameOfCell(cell),
    end: nameOf(end),
    arrivals: plan.arrivals,
    done: plan.done,
    flaws: found.filter((one): one is Flaw => one !== false),
  }
}

function argumentsOf({ request }: Cell, url: string, { id, signal }: { id: string; signal: AbortSignal }): Given {
  const { method, path, body, asRequest = false } = request
  const { headers, ...given } = body?.() ?? {}
  const init = { method, ...given, headers: { ...(headers as object), [CELL]: id }, signal }
  return asRequest ? [new Request(url + path, init), undefined] : [url + path, init]
}

type Given = Parameters<CellClient['send']>

async function send(client: CellClient, given: Given): Promise<Response> {
  const response = await client.send(...given)
  // The call has succeeded; later faults are errors of the body.
  await response.arrayBuffer().catch(() => {})
  return response
}

const HUNG = Symbol('hung')
type End = { readonly value: Response | string } | { readonly thrown: unknown } | typeof HUNG

const settled = (promise: Promise<Response | string>): Promise<End> =>
  within(
    HANG,
    promise.then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    ),
  )

async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value | typeof HUNG> {
  const { promise: hung, resolve } = Promise.withResolvers<typeof HUNG>()
  const timer = setTimeout(resolve, ms, HUNG)
  try {
    return await Promise.race([promise, hung])
  } finally {
    clearTimeout(timer)
  }
}

async function closedSockets({ open }: Plan): Promise<void> {
  for (const request of open) {
    if (request.socket.destroyed) continue
    const { promise, resolve } = Promise.withResolvers<void>()
    request.socket.once('close', () => resolve())
    // A socket that is not read does not report that the other side has ended.
    request.resume()
    await promise
  }
}

function* flawsOfEnd(end: End, { done, arrivals }: Plan, { request, fault }: Cell): Generator<Flaw> {
  if (end === HUNG || 'value' in end) return
  const { thrown } = end
  if (thrown === reason) return
  if (isRefused(thrown)) {
    // It says that nothing was ever sent.
    if (arrivals > 0) yield 'undone'
    return
  }
  if (!isVendorError(thrown)) return yield 'foreign'
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method) && !request.repeatable
  if (changes && done > 0 && !thrown.mayBeDone) yield 'undone'
  if (fault.isUnsent && thrown.mayBeDone) yield 'invented'
}

function nameOf(end: End): string {
  if (end === HUNG) return 'hung'
  if ('value' in end) return 'returned'
  const { thrown } = end
  if (thrown === reason) return 'aborted'
  if (isRefused(thrown)) return `refused: ${thrown.reason}`
  return isVendorError(thrown) ? `${thrown.code}: ${thrown.reason}` : String(thrown)
}
