import { HttpResponse, http } from 'msw'

/** One call as a host heard it. */
export interface Heard {
  readonly origin: string
  readonly path: string
  readonly format: 'json' | 'xml'
  readonly method: string
  /** The texts among the parameters, in order. */
  readonly params: readonly string[]
  readonly body: string
  readonly headers: Headers
}

/** What a call comes to: a value, or an error's code and parameters. */
export type Outcome = { readonly value: unknown } | { readonly error: readonly string[] }

export const value = (of: unknown): Outcome => ({ value: of })
export const error = (...words: string[]): Outcome => ({ error: words })

/** Hosts of a pool that speak XenAPI as XAPI's encoders write it, in JSON-RPC 2.0 and XML-RPC. */
export class Pool {
  readonly heard: Heard[] = []
  /** Other requests than calls: URL, method, cookie. */
  readonly visits: { readonly url: string; readonly method: string; readonly cookie: string | null }[] = []
  readonly sessions = new Set<string>()
  password = 'x<&"hunter2'
  /** The origin that is the master; any other host names `masterAddress` instead of an answer. */
  master: string
  masterAddress: string
  /** Hosts too old for JSON. */
  readonly old = new Set<string>()
  /** What methods come to, by name; for all others it is the first text after the session. */
  readonly outcomes = new Map<string, (heard: Heard) => Outcome | Response | Promise<Outcome | Response>>()
  /** Answers at paths that are no call's. */
  readonly files = new Map<string, () => Response>()
  #given = 0

  constructor(master: string, masterAddress = new URL(master).hostname) {
    this.master = master
    this.masterAddress = masterAddress
  }

  get logins(): readonly Heard[] {
    return this.of('session.login_with_password')
  }

  get logouts(): readonly Heard[] {
    return this.of('session.logout')
  }

  of(method: string): readonly Heard[] {
    return this.heard.filter((heard) => heard.method === method)
  }

  readonly handler = http.all('*', async ({ request }) => {
    const { origin, pathname } = new URL(request.url)
    const body = await request.clone().text()
    const file = this.files.get(pathname)
    if (file !== undefined) {
      this.visits.push({ url: request.url, method: request.method, cookie: request.headers.get('cookie') })
      return file()
    }
    const heard = { origin, path: pathname, headers: new Headers(request.headers), body, ...readBody(body) }
    this.heard.push(heard)
    if (this.old.has(origin) && heard.format === 'json') return xmlReply(error('MESSAGE_METHOD_UNKNOWN', heard.method))
    const outcome = await this.#answer(heard)
    if (outcome instanceof Response) return outcome.type === 'error' ? HttpResponse.error() : outcome
    return heard.format === 'json' ? jsonReply(outcome) : xmlReply(outcome)
  })

  async #answer(heard: Heard): Promise<Outcome | Response> {
    const { origin, method, params } = heard
    const scripted = this.outcomes.get(method)
    const [first = '', second = ''] = params
    if (method === 'session.login_with_password') {
      // A member says so before it looks at the password.
      if (origin !== this.master) return error('HOST_IS_SLAVE', this.masterAddress)
      if (scripted !== undefined) return scripted(heard)
      if (second !== this.password) return error('SESSION_AUTHENTICATION_FAILED', first, 'Authentication failure')
      const ref = `OpaqueRef:session-${++this.#given}`
      this.sessions.add(ref)
      return value(ref)
    }
    if (!this.sessions.has(first)) return error('SESSION_INVALID', first)
    if (origin !== this.master) return error('HOST_IS_SLAVE', this.masterAddress)
    if (method === 'session.logout') {
      this.sessions.delete(first)
      return value('')
    }
    return scripted === undefined ? value(second) : scripted(heard)
  }
}

function readBody(body: string): Pick<Heard, 'format' | 'method' | 'params'> {
  if (body.startsWith('{')) {
    const { method, params } = JSON.parse(body) as { method: string; params: unknown[] }
    return { format: 'json', method, params: params.filter((param) => typeof param === 'string') }
  }
  const [, method = ''] = /<methodName>\s*(.*?)\s*<\/methodName>/.exec(body) ?? []
  const params = [...body.matchAll(/<param>\s*<value>\s*(?:<string>)?([^<]*)/g)].map(([, text = '']) => unescaped(text))
  return { format: 'xml', method, params }
}

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** JSON-RPC 2.0 as XAPI writes it. */
export function jsonReply(outcome: Outcome): Response {
  const answer =
    'value' in outcome
      ? { result: outcome.value }
      : { error: { code: 1, message: outcome.error[0], data: outcome.error.slice(1) } }
  return new Response(JSON.stringify({ jsonrpc: '2.0', ...answer, id: 0 }), {
    headers: { 'content-type': 'application/json' },
  })
}

/** XML-RPC as XAPI writes it: one line, `Status` first, texts bare. */
export function xmlReply(outcome: Outcome): Response {
  const [status, name, content] =
    'value' in outcome
      ? ['Success', 'Value', xmlValue(outcome.value)]
      : ['Failure', 'ErrorDescription', xmlValue(outcome.error)]
  const members = `<member><name>Status</name><value>${status}</value></member><member><name>${name}</name>${content}</member>`
  return new Response(
    `<?xml version="1.0"?><methodResponse><params><param><value><struct>${members}</struct></value></param></params></methodResponse>`,
    { headers: { 'content-type': 'text/xml' } },
  )
}

function xmlValue(of: unknown): string {
  if (Array.isArray(of)) return `<value><array><data>${of.map(xmlValue).join('')}</data></array></value>`
  if (typeof of !== 'object' || of === null) return `<value>${escaped(String(of ?? ''))}</value>`
  const members = Object.entries(of).map(([name, item]) => `<member><name>${name}</name>${xmlValue(item)}</member>`)
  return `<value><struct>${members.join('')}</struct></value>`
}
