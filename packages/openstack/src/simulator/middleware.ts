import type { OpenCall, Recorder } from '@holdfast/testing/simulator-kit'
import { route } from '@holdfast/testing/simulator-kit'
import { type HttpHandler, HttpResponse } from 'msw'
import { applyFault } from './apply-fault.ts'
import type { AuditLog, Done } from './audit-log.ts'
import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Asked, Operation } from './operation.ts'
import { Refusal } from './refusal.ts'
import { type CloudReply, respond } from './reply.ts'

/** The steps between a request and its operation. */
export interface MiddlewareParts {
  /** Empty for every origin; otherwise an origin, perhaps with a path. */
  readonly base: string
  readonly clock: Clock
  readonly recorder: Recorder
  readonly faults: Faults
  readonly auditLog: AuditLog
  /** Answers in place of the service. */
  intercept?(): CloudReply | 'drop' | undefined
  /** Refuses a request whose token is not valid for it. */
  check?(request: Request, params: Readonly<Record<string, string>>): CloudReply | undefined
  /** Redacts the recorded body. */
  hide?(call: OpenCall): void
  /** Writes a refusal in the format of the called API. */
  write(refusal: Refusal, request: Request): CloudReply
  /** The refusal of a body that is not JSON. */
  malformed(request: Request): Refusal
  /** Headers that every answer has. */
  headers(request: Request): Readonly<Record<string, string>>
}

type Answer = CloudReply | 'drop'

/** Makes the handler of an operation: faults first, then the gateway, the token check and the reading of the body. */
export function middleware(parts: MiddlewareParts): (operation: Operation) => HttpHandler {
  return (operation) =>
    route({
      ...(operation.method !== undefined && { method: operation.method }),
      path: `${parts.base}${operation.path}`,
      claim: ({ request }) => parts.recorder.note(request),
      async answer({ request, params }, { call, bodyRead }) {
        const text = await bodyRead
        parts.hide?.(call)
        const answer = await carryOut(parts, operation, { request, params, text, call })
        return end(call, answer, parts.headers(request))
      },
    })
}

interface Incoming {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
  readonly text: string
  readonly call: OpenCall
}

async function carryOut(parts: MiddlewareParts, operation: Operation, incoming: Incoming): Promise<Answer> {
  const { request } = incoming
  const written = (answer: Refusal | Answer) => (answer instanceof Refusal ? write(parts, answer, request) : answer)
  const before = await applyFault(parts.faults, request, 'before')
  if (before !== undefined) return written(before)
  const early = parts.intercept?.()
  if (early !== undefined) return early
  const outcome = work(parts, operation, incoming)
  if (outcome.code !== undefined) return outcome
  const after = await applyFault(parts.faults, request, 'after')
  return after === undefined ? outcome : written(after)
}

const write = (parts: MiddlewareParts, refusal: Refusal, request: Request): CloudReply => ({
  code: refusal.code,
  ...parts.write(refusal, request),
})

function work(parts: MiddlewareParts, operation: Operation, { request, params, text, call }: Incoming): CloudReply {
  const refused = operation.open ? undefined : parts.check?.(request, params)
  if (refused !== undefined) return { code: String(refused.status), ...refused }
  const done: Done = (action, target) => {
    parts.auditLog.done(action, target, parts.clock.now())
    call.executed = action
  }
  try {
    const asked: Asked = { url: new URL(request.url), headers: request.headers, params, body: parse(text), done }
    return operation.run(asked)
  } catch (error) {
    if (error instanceof SyntaxError) return write(parts, parts.malformed(request), request)
    if (error instanceof Refusal) return write(parts, error, request)
    throw error
  }
}

const parse = (text: string): unknown => (text === '' ? undefined : JSON.parse(text))

function end(call: OpenCall, answer: Answer, headers: Readonly<Record<string, string>>): Response {
  if (answer === 'drop') {
    call.end = 'dropped'
    return HttpResponse.error()
  }
  call.end = 'replied'
  call.status = answer.status
  if (answer.code !== undefined) call.code = answer.code
  return respond(answer, headers)
}
