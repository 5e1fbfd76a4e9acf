import type { OpenCall, Recorder } from '@holdfast/testing/simulator-kit'
import { route, type Taken, toResponse } from '@holdfast/testing/simulator-kit'
import { delay, type HttpHandler, HttpResponse } from 'msw'
import type { AuditLog } from './audit-log.ts'
import type { Faults } from './faults.ts'
import type { Asked, Operation } from './operations.ts'
import { invalidRequest, overloaded, unauthenticated } from './problem.ts'
import type { Sessions } from './sessions.ts'
import { type Result, type Surface, writeResult } from './surface.ts'

/** The steps between a request and its operation. */
export interface MiddlewareParts {
  /** Empty for every origin. */
  readonly origin: string
  readonly sessions: Sessions
  readonly faults: Faults
  readonly auditLog: AuditLog
  readonly recorder: Recorder
}

/** Makes the handler of an operation: faults first, then the session check and the reading of the body. */
export function middleware({
  origin,
  sessions,
  faults,
  auditLog,
  recorder,
}: MiddlewareParts): (operation: Operation) => HttpHandler {
  return ({ surface, method, path, open = false, run }) =>
    route({
      ...(method !== undefined && { method }),
      path: `${origin}${path}`,
      claim: ({ request }) => recorder.note(request),
      async answer(taken, { call, bodyRead }) {
        const text = await bodyRead
        const fault = await applyFault(taken.request)
        return end(call, surface, fault ?? work({ open, run }, taken, call, text))
      },
    })

  async function applyFault(request: Request): Promise<Response | Result | undefined> {
    const outage = faults.match('outage', request)
    if (outage !== undefined) return outage.dropped ? HttpResponse.error() : noHealthyUpstream(outage.retryAfter)
    if (faults.match('drop-before-work', request)) return HttpResponse.error()
    const late = faults.match('slow', request)
    if (late?.ms !== undefined) await delay(late.ms)
    const overload = faults.match('overload', request)
    return overload && { problem: overloaded(overload.retryAfter) }
  }

  function work(
    { open, run }: Pick<Operation, 'run'> & { open: boolean },
    taken: Taken,
    call: OpenCall,
    text: string,
  ): Response | Result {
    const token = tokenOf(taken.request)
    if (!open && !sessions.touch(token)) return { problem: unauthenticated }
    const body = parse(text)
    if (body === malformed) return { problem: invalidRequest }
    const before = auditLog.executed.length
    const { request, params } = taken
    const asked: Asked = { params, query: new URL(request.url).searchParams, headers: request.headers, body, token }
    const result = run(asked)
    const done = auditLog.executed[before]
    if (done !== undefined) call.executed = done.action
    const accepted = done !== undefined || (result.problem === undefined && result.task !== undefined)
    return accepted && faults.match('drop-after-work', request) ? HttpResponse.error() : result
  }
}

function end(call: OpenCall, surface: Surface, outcome: Response | Result): Response {
  const response = outcome instanceof Response ? outcome : toResponse(writeResult(surface, outcome))
  call.end = response.type === 'error' ? 'dropped' : 'replied'
  if (response.type !== 'error') call.status = response.status
  if (!(outcome instanceof Response) && outcome.problem !== undefined) call.code = outcome.problem.type
  return response
}

/** The message of the proxy before vCenter (Envoy, since 7.0 U3) if the service behind it is down. */
const noHealthyUpstream = (retryAfter?: number | string) =>
  toResponse({
    status: 503,
    headers: {
      'content-type': 'text/plain',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
    body: 'no healthy upstream',
  })

function tokenOf({ headers }: Request): string | null {
  const cookie = /(?:^|;\s*)vmware-api-session-id=([^;]+)/.exec(headers.get('cookie') ?? '')
  return headers.get('vmware-api-session-id') ?? cookie?.[1] ?? null
}

const malformed = Symbol('malformed')

function parse(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return malformed
  }
}
