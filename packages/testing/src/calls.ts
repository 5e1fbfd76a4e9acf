/** One request as the server saw it, and what the server did with it. */
export interface Call {
  readonly method: string
  readonly url: string
  readonly path: string
  /** Without its question mark. */
  readonly query: string
  /** By lower-case name. Secrets read `[secret 1]`, `[secret 2]`: equal numbers are equal secrets. */
  readonly headers: Readonly<Record<string, string>>
  /** As text; read by the time the answer goes out. */
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly end: 'pending' | 'replied' | 'dropped' | 'passed'
  /** The answer. */
  readonly status?: number
  /** The vendor's code of the failure that was answered. */
  readonly code?: string
  /** Work that this request had done, if the server keeps account of it. */
  readonly executed?: string
}

/** A call that is still being written down. */
export type OpenCall = { -readonly [Field in keyof Call]: Call[Field] }

/** Writes down what a server sees. */
export interface Recorder {
  readonly calls: readonly Call[]
  /** Notes a request at once and its body when it has been read. */
  note(request: Request): { readonly call: OpenCall; readonly bodyRead: Promise<void> }
  clear(): void
}

const alwaysSecret = ['authorization', 'proxy-authorization', 'cookie']

/** Starts a record in which these headers' values, too, are replaced by labels. */
export function createRecorder(secretHeaders: readonly string[] = []): Recorder {
  const calls: OpenCall[] = []
  const secret = new Set([...alwaysSecret, ...secretHeaders])
  const labels = new Map<string, string>()
  const labelOf = (value: string) => {
    const label = labels.get(value) ?? `[secret ${labels.size + 1}]`
    labels.set(value, label)
    return label
  }
  return {
    calls,
    note(request) {
      const { href, pathname, search } = new URL(request.url)
      const headers: Record<string, string> = {}
      for (const [name, value] of request.headers) headers[name] = secret.has(name) ? labelOf(value) : value
      const call: OpenCall = {
        method: request.method,
        url: href,
        path: pathname,
        query: search.slice(1),
        headers,
        body: '',
        at: Date.now(),
        end: 'pending',
      }
      calls.push(call)
      return { call, bodyRead: readBody(request, call) }
    },
    clear() {
      calls.length = 0
    },
  }
}

async function readBody(request: Request, call: OpenCall): Promise<void> {
  // A client that goes away in the middle of its body is no fault of the record.
  call.body = await request
    .clone()
    .text()
    .catch(() => '')
}
