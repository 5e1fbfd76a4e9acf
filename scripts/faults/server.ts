import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import type { Fault } from './fault.ts'

/** The header by which a request says which cell it belongs to. */
export const CELL = 'x-cell'

/** All that the server knows of one cell. */
export interface Plan {
  readonly fault: Fault
  /** Arrivals that meet the fault; those after them are answered well. */
  readonly times: number
  /** Called when a request has arrived, before anything is done with it. */
  readonly onArrival?: (() => void) | undefined
  arrivals: number
  /** Times that work which changes something was carried out. */
  done: number
  /** Exchanges that are not over and whose socket is open. */
  readonly open: Set<IncomingMessage>
}

/** A server on a real socket that fails as each cell's fault says, and counts what it has carried out. */
export interface FaultyServer extends AsyncDisposable {
  readonly url: string
  plan(id: string, plan: Pick<Plan, 'fault' | 'times' | 'onArrival'>): Plan
}

/** Answers what belongs to no cell, such as a login; `undefined` for anything else. */
export type Internal = (method: string, path: string, body: string) => Answer | undefined

/** A reply as it is written. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Starts such a server. `fine` is its answer to what meets no fault. */
export async function startServer(internal: Internal, fine: Answer): Promise<FaultyServer> {
  const plans = new Map<string, Plan>()
  const server = createServer((request, response) => {
    request.on('error', () => {})
    response.on('error', () => {})
    void serve(plans, { internal, fine }, request, response).catch(() => response.destroy())
  })
  // A fault, and nothing else, ends a connection.
  Object.assign(server, { keepAliveTimeout: 600_000, headersTimeout: 0, requestTimeout: 0 })
  server.on('connection', (socket) => socket.on('error', () => {}))
  server.on('clientError', (_, socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan(id, given) {
      const plan = { ...given, arrivals: 0, done: 0, open: new Set<IncomingMessage>() }
      plans.set(id, plan)
      return plan
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function serve(
  plans: ReadonlyMap<string, Plan>,
  { internal, fine }: { readonly internal: Internal; readonly fine: Answer },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '/', socket } = request
  const plan = plans.get(String(request.headers[CELL] ?? ''))
  if (plan === undefined) {
    return write(response, internal(method, url, await textOf(request)) ?? { status: 404 })
  }
  plan.open.add(request)
  response.once('close', () => plan.open.delete(request))
  const fault = plan.arrivals++ < plan.times && url !== '/elsewhere' ? plan.fault : undefined
  plan.onArrival?.()
  if (fault?.when === 'head') return fault.play({ socket, response, request, path: url })
  await textOf(request)
  const changes = !SAFE.has(method)
  if (changes && (fault?.does ?? true)) plan.done++
  if (fault === undefined) write(response, fine)
  else fault.play({ socket, response, request, path: url })
}

function write(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  const type = body === '' ? {} : { 'content-type': 'application/json' }
  response.writeHead(status, { ...type, ...(status !== 204 && { 'content-length': body.length }), ...headers })
  response.end(body)
}

/** The body of a request. @throws where it breaks off: then nothing is carried out. */
async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** An address at which nothing listens. */
export async function closedAddress(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}
