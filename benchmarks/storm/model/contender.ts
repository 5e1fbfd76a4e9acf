import type { Priority } from './scenario.ts'
import { ATTEMPT_TIME } from './times.ts'
import type { Fetch } from './wire.ts'
import type { World } from './world.ts'

/** One call as a contender gets it. */
export interface CallRequest {
  readonly id: number
  readonly client: number
  readonly url: string
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly priority: Priority
  /** Aborts when the caller's patience ends. */
  readonly signal: AbortSignal
}

/** Makes a call, and resolves with the status of its reply. */
export type Caller = (request: CallRequest) => Promise<number>

/** A run that is about to begin. */
export interface Setup {
  readonly world: World
  readonly fetch: Fetch
  /** A checkout whose packages are measured in place of this one's. */
  readonly tree: string | undefined
}

/** A client for HTTP requests that tolerates faults. */
export interface Contender {
  readonly name: string
  /** True if it manages sessions itself; for the others the harness does, as recipes do. */
  readonly hasSessions?: boolean
  /** Names of scenarios that it is not played in, because they would take minutes. */
  readonly leavesOut?: readonly string[]
  /** Makes the clients, each with a state of its own; `undefined` if an option does not exist there. */
  start(setup: Setup): Promise<Caller | undefined>
}

/** One of each for every client, made when it is first needed. */
export function perClient<T>(make: (client: number) => T): (client: number) => T {
  const made: T[] = []
  return (client) => {
    made[client] ??= make(client)
    return made[client]
  }
}

/** A failing reply as an error, for policies that know only exceptions. */
export class StatusError extends Error {
  readonly status: number
  readonly response: Response

  constructor(response: Response) {
    super(`HTTP ${response.status}`)
    this.status = response.status
    this.response = response
  }
}

/** Sends once, within the time of an attempt. */
export async function sendOnce(fetch: Fetch, request: CallRequest, signal = request.signal): Promise<Response> {
  const { url, method, headers } = request
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new DOMException('timed out', 'TimeoutError')), ATTEMPT_TIME)
  const abort = (): void => controller.abort(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await fetch(url, { method, headers, signal: controller.signal })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/** The same, with an exception for a failing status. */
export async function sendOrThrow(fetch: Fetch, request: CallRequest, signal?: AbortSignal): Promise<Response> {
  const response = await sendOnce(fetch, request, signal)
  if (!response.ok) throw new StatusError(response)
  return response
}
