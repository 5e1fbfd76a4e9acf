import type { RequestFacts } from '@holdfast/core/plugin'

const poolOrigin = 'https://xen.example'

/** The facts of a request to a host that does not exist. */
export function requestTo(target: string, method = 'GET', bodyText?: string): RequestFacts {
  const { href, origin, pathname, search } = new URL(target, poolOrigin)
  return { method, url: href, origin, path: pathname, query: search.slice(1), bodyText }
}

/** The facts of a call in JSON-RPC. */
export const jsonCall = (method: string, ...params: unknown[]): RequestFacts =>
  requestTo('/jsonrpc', 'POST', JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }))

/** The facts of a call in XML-RPC, its parameters being texts. */
export function xmlCall(method: string, ...params: string[]): RequestFacts {
  const written = params.map((param) => `<param><value><string>${param}</string></value></param>`).join('')
  const body = `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${written}</params></methodCall>`
  return requestTo('/', 'POST', body)
}
