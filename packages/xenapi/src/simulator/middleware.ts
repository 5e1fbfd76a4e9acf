import { route } from '@holdfast/testing/simulator-kit'
import { type HttpHandler, HttpResponse } from 'msw'
import { applyFault } from './apply-fault.ts'
import type { Done } from './audit-log.ts'
import type { Dispatch } from './dispatch.ts'
import type { Host } from './hosts.ts'
import { refuseBody, refuseHead } from './limits.ts'
import { Malformed } from './malformed.ts'
import { forbidden, internalError } from './page.ts'
import type { OpenXapiCall, XapiRecorder } from './record.ts'
import { reply } from './reply.ts'
import { type Outcome, type RpcCall, readCall, writeOutcome } from './rpc.ts'
import type { State } from './state.ts'
import { brokenTransfer, exportVm, importVm } from './transfer.ts'

/** The steps between a request and the pool. */
export interface MiddlewareParts {
  readonly state: State
  readonly dispatch: Dispatch
  readonly recorder: XapiRecorder
}

interface Incoming {
  readonly host: Host
  readonly request: Request
  readonly body: string
  readonly call: OpenXapiCall
  /** Aborted when the caller has gone or the host's process has ended. */
  readonly signal: AbortSignal
  readonly done: Done
}

/** Handles every request to a host of the pool. If `hostOf` returns `undefined`, other handlers get the request. */
export function middleware(parts: MiddlewareParts, hostOf: (url: URL) => Host | undefined): HttpHandler {
  return route({
    path: '*',
    claim({ request }) {
      const host = hostOf(new URL(request.url))
      return host && { host, ...parts.recorder.note(request, host.name) }
    },
    async answer({ request }, { host, call, bodyRead }) {
      const life = host.life.signal
      const signal = AbortSignal.any([request.signal, life])
      const done: Done = (action, target) => {
        parts.state.auditLog.done(action, target, host.name)
        call.executed = action
      }
      const body = await bodyRead
      if (!host.alive || life.aborted) return end(call, HttpResponse.error())
      const response = await answer(parts, { host, request, body, call, signal, done })
      return end(call, signal.aborted ? HttpResponse.error() : response)
    },
  })
}

function end(call: OpenXapiCall, response: Response): Response {
  call.end = response.type === 'error' ? 'dropped' : 'replied'
  if (response.type !== 'error') call.status = response.status
  return response
}

async function answer(parts: MiddlewareParts, incoming: Incoming): Promise<Response> {
  const { method, url } = incoming.request
  const { pathname } = new URL(url)
  const refused = refuseHead(incoming.request)
  if (refused !== undefined) return refused
  if (method === 'OPTIONS') return toOptions()
  if (method === 'POST') return answerRpc(parts, incoming, pathname.startsWith('/jsonrpc'))
  if (method === 'GET' && pathname === '/export') return transfer(parts, incoming, '/export')
  if (method === 'PUT' && pathname === '/import') return transfer(parts, incoming, '/import')
  return forbidden()
}

/** Every path but `/jsonrpc` is read as XML-RPC. */
async function answerRpc(parts: MiddlewareParts, incoming: Incoming, isJson: boolean): Promise<Response> {
  const { host, body, request } = incoming
  const refused = refuseBody(request, body)
  if (refused !== undefined) return refused
  try {
    const call = readCall(body, isJson && !host.xmlOnly ? 'json' : 'xml')
    parts.recorder.noteRpc(incoming.call, call)
    return await carryOut(parts, incoming, call)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    parts.recorder.noteUnreadable(incoming.call)
    return isJson && host.xmlOnly ? tooOldForJson(error.message) : internalError(error.message)
  }
}

async function carryOut({ state, dispatch }: MiddlewareParts, incoming: Incoming, call: RpcCall): Promise<Response> {
  const { host } = incoming
  const target = { method: call.method, host: host.name }
  const write = (outcome: Outcome) => {
    if (outcome.failure !== undefined) incoming.call.code = outcome.failure.code
    return writeOutcome(call, outcome)
  }
  const before = await applyFault(state.faults, incoming.signal, { ...target, when: 'before' })
  if (before !== undefined) return before instanceof Response ? before : write({ failure: before })
  const outcome = await dispatch(call, incoming)
  if (outcome.failure !== undefined) return write(outcome)
  const after = await applyFault(state.faults, incoming.signal, { ...target, when: 'after' })
  return after instanceof Response ? after : write(after === undefined ? outcome : { failure: after })
}

async function transfer(
  { state }: MiddlewareParts,
  incoming: Incoming,
  method: '/export' | '/import',
): Promise<Response> {
  const { host, request, body, done } = incoming
  const target = { method, host: host.name }
  const before = await applyFault(state.faults, incoming.signal, { ...target, when: 'before' })
  if (before !== undefined) return before instanceof Response ? before : brokenTransfer(state, request, before)
  const work = method === '/export' ? exportVm : importVm
  const response = work(state, { host, request, done, bytes: Buffer.byteLength(body) })
  if (response.status !== 200) return response
  const after = await applyFault(state.faults, incoming.signal, { ...target, when: 'after' })
  if (after === undefined) return response
  return after instanceof Response ? after : brokenTransfer(state, request, after)
}

/** Only the content type is known for certain: clients recognise such a server by it. */
const tooOldForJson = (exception: string) =>
  writeOutcome(
    { format: 'xml-rpc', id: 0, method: '', params: [] },
    { failure: { code: 'INTERNAL_ERROR', params: [exception] } },
  )

const toOptions = () =>
  reply(200, {
    headers: {
      connection: 'keep-alive',
      'cache-control': 'no-cache, no-store',
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'X-Requested-With',
      'access-control-allow-methods': 'PUT',
    },
  })
