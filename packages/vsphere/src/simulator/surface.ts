import type { WireReply } from '@holdfast/testing/simulator-kit'
import type { Problem } from './problem.ts'

/** The result of an operation. */
export type Result = Done | { readonly problem: Problem }

interface Done {
  readonly problem?: undefined
  readonly value?: unknown
  readonly created?: true
  readonly task?: string
  readonly headers?: Record<string, string>
}

/** The two REST interfaces of one vCenter: since 7.0 U2 `/api`, before that `/rest`. */
export type Surface = 'api' | 'rest'

/** Status by error type, as the vSphere Automation API documents it. */
const statuses: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  UNAUTHORIZED: 403,
  NOT_FOUND: 404,
  OPERATION_NOT_FOUND: 404,
  CONCURRENT_CHANGE: 409,
  ERROR: 500,
  INTERNAL_SERVER_ERROR: 500,
  RESOURCE_BUSY: 500,
  RESOURCE_INACCESSIBLE: 500,
  TIMED_OUT: 500,
  UNABLE_TO_ALLOCATE_RESOURCE: 500,
  SERVICE_UNAVAILABLE: 503,
}

/** Differences of `/rest`: the table of VMware's own SDK runtimes (vsphere-automation-sdk-go, HttpStatusCodes.go). */
const restStatuses: Readonly<Record<string, number>> = {
  RESOURCE_BUSY: 400,
  RESOURCE_INACCESSIBLE: 400,
  UNABLE_TO_ALLOCATE_RESOURCE: 400,
  TIMED_OUT: 504,
}

/** Writes a result as the surface does. */
export function writeResult(surface: Surface, result: Result): WireReply {
  if (result.problem !== undefined)
    return surface === 'api' ? writeApiError(result.problem) : writeRestError(result.problem)
  const { value, headers } = result
  if (surface === 'rest') {
    return json(200, value === undefined ? undefined : { value }, headers)
  }
  if (result.task !== undefined) return json(202, result.task, headers)
  if (value === undefined) return { status: 204, ...(headers && { headers }) }
  return json(result.created ? 201 : 200, value, headers)
}

/** An error as `/api` writes it, unwrapped; also what a task's record holds. */
export const apiError = ({ type, messages, challenge }: Problem) => ({
  error_type: type,
  messages,
  ...(challenge !== undefined && { challenge }),
})

const writeApiError = (problem: Problem) => json(statuses[problem.type] ?? 400, apiError(problem), retryAfter(problem))

function writeRestError(problem: Problem): WireReply {
  const { type, messages, challenge } = problem
  const value = { ...(messages.length > 0 && { messages }), ...(challenge !== undefined && { challenge }) }
  const status = restStatuses[type] ?? statuses[type] ?? 400
  return json(status, { type: `com.vmware.vapi.std.errors.${type.toLowerCase()}`, value }, retryAfter(problem))
}

const retryAfter = ({ retryAfter }: Problem): Record<string, string> =>
  retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }

const json = (status: number, value: unknown, headers: Record<string, string> = {}): WireReply => ({
  status,
  headers: { ...(value !== undefined && { 'content-type': 'application/json' }), ...headers },
  body: value === undefined ? '' : JSON.stringify(value),
})
