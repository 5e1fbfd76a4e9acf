import { type XapiPool, type XapiSimulatorOptions, xapi } from '../src/simulator/index.ts'
import { useServer } from './use-server.ts'

/** The origin that the tests ask; any origin would do for a pool whose hosts are not named. */
export const url = 'https://xen.example'

/** A master and a member, asked at their addresses. */
export const hosts = [
  { name: 'master', address: '10.0.0.1' },
  { name: 'member', address: '10.0.0.2' },
] as const
export const master = 'https://10.0.0.1'
export const member = 'https://10.0.0.2'

/** Puts a simulated pool under this test file, a new one for each call. */
export function simulate(): (options?: XapiSimulatorOptions) => XapiPool {
  const server = useServer()
  return (options) => {
    const pool = xapi(options)
    server.use(...pool.handlers)
    return pool
  }
}

/** The result of a call: its result, or the error's code and parameters in one list. */
export type RpcResult = { readonly result: unknown } | { readonly error: readonly string[] }

export const post = (origin: string, path: string, body: string, init: RequestInit = {}) =>
  fetch(`${origin}${path}`, { method: 'POST', body, ...init })

export const json = (method: string, params: readonly unknown[], version?: '2.0', id: unknown = 1) =>
  JSON.stringify({ ...(version && { jsonrpc: version }), method, params, id })

export const xml = (method: string, ...params: readonly string[]) =>
  `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${params
    .map((param) => `<param><value><string>${param}</string></value></param>`)
    .join('')}</params></methodCall>`

/** Calls by JSON-RPC 1.0. */
export async function say(origin: string, method: string, ...params: readonly unknown[]): Promise<RpcResult> {
  const reply = await post(origin, '/jsonrpc', json(method, params))
  const { result, error } = (await reply.json()) as { result: unknown; error: readonly string[] | null }
  return error === null ? { result } : { error }
}

/** Calls, and has the result. */
export async function get<Result = string>(origin: string, method: string, ...params: readonly unknown[]) {
  const answer = await say(origin, method, ...params)
  if ('error' in answer) throw new Error(answer.error.join(' '))
  return answer.result as Result
}

export const login = (origin = url, originator?: string) =>
  get(origin, 'session.login_with_password', 'root', 'secret', ...(originator ? ['1.0', originator] : []))
