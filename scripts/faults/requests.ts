/** A request of the matrix. */
export interface MatrixRequest {
  readonly name: string
  readonly method: string
  readonly path: string
  /** True if it may be carried out twice: the caller or the vendor says so, or it changes nothing. */
  readonly repeatable: boolean
  /** A body of its own for each cell. */
  body?(): RequestInit
  /** True if it is sent as a `Request`. */
  readonly asRequest?: boolean
}

const text = '{"name":"web-1"}'
const bytes = () => new TextEncoder().encode(text)
const stream = (chunks: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
const half = (body: unknown) => ({ body, duplex: 'half' }) as RequestInit
async function* chunks() {
  yield bytes()
}
const form = () => {
  const data = new FormData()
  data.set('name', 'web-1')
  return data
}

const bodies: Readonly<Record<string, () => RequestInit>> = {
  'a text': () => ({ body: text }),
  bytes: () => ({ body: bytes() }),
  'a Blob': () => ({ body: new Blob([text]) }),
  'a form': () => ({ body: form() }),
  parameters: () => ({ body: new URLSearchParams({ name: 'web-1' }) }),
  'a stream': () => half(stream([bytes(), bytes()])),
  'an iterable': () => half(chunks()),
  'a long text': () => ({ body: text.repeat(20_000) }),
}

const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

const plain = (method: string, body?: string, more: Partial<MatrixRequest> = {}): MatrixRequest => {
  const make = body === undefined ? undefined : bodies[body]
  return {
    name: [method, body === undefined ? 'without a body' : `with ${body}`, more.asRequest && 'in a Request']
      .filter(Boolean)
      .join(' '),
    method,
    path: '/things',
    repeatable: idempotent.has(method),
    ...(make && { body: make }),
    ...more,
  }
}

/** Requests to any server. */
export const plainRequests: readonly MatrixRequest[] = [
  ...['GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST'].map((method) => plain(method)),
  ...['a text', 'a stream'].flatMap((body) => ['PUT', 'PATCH'].map((method) => plain(method, body))),
  ...Object.keys(bodies).map((body) => plain('POST', body)),
  ...['a text', 'a stream', 'a form'].map((body) => plain('POST', body, { asRequest: true })),
]

const json =
  (body: string): (() => RequestInit) =>
  () => ({ body, headers: { 'content-type': 'application/json' } })

/** A request of a vendor's, as a text and in a `Request`. */
const both = (one: Omit<MatrixRequest, 'asRequest'>): readonly MatrixRequest[] => [
  one,
  { ...one, name: `${one.name} in a Request`, asRequest: true },
]

/** Requests to a vCenter. */
export const vsphereRequests: readonly MatrixRequest[] = [
  { name: 'list machines', method: 'GET', path: '/api/vcenter/vm', repeatable: true },
  { name: 'start a machine', method: 'POST', path: '/api/vcenter/vm/vm-1/power?action=start', repeatable: false },
  ...both({
    name: 'make a machine',
    method: 'POST',
    path: '/api/vcenter/vm',
    repeatable: false,
    body: json('{"name":"web-1"}'),
  }),
]

const rpc = (method: string, session: string) =>
  json(JSON.stringify({ jsonrpc: '2.0', method, params: [session, 'vm-1'], id: 1 }))

/** Requests to a pool. */
export const xenapiRequests = (session: string): readonly MatrixRequest[] => [
  ...both({
    name: 'read a machine',
    method: 'POST',
    path: '/jsonrpc',
    repeatable: true,
    body: rpc('VM.get_record', session),
  }),
  ...both({
    name: 'clone a machine',
    method: 'POST',
    path: '/jsonrpc',
    repeatable: false,
    body: rpc('VM.clone', session),
  }),
]

const provider = '/v1/p1/providers/fc4d5750-22e7-4798-8a46-f48f62c4c1da'

/** Requests to the backup service. */
export const csbsRequests: readonly MatrixRequest[] = [
  { name: 'list backups', method: 'GET', path: '/v1/p1/checkpoint_items', repeatable: true },
  ...both({
    name: 'back a machine up',
    method: 'POST',
    path: `${provider}/resources/server-1/action`,
    repeatable: false,
    body: json('{"protect":{"backup_name":"nightly"}}'),
  }),
]

/** Requests to the other backup service. */
export const vbsRequests: readonly MatrixRequest[] = [
  { name: 'ask after a job', method: 'GET', path: '/v1/p1/jobs/job-1', repeatable: true },
  {
    name: 'back a volume up',
    method: 'POST',
    path: '/v2/p1/cloudbackups',
    repeatable: false,
    body: json('{"backup":{"volume_id":"volume-1","name":"nightly"}}'),
  },
]

/** Requests to Nova. */
export const novaRequests: readonly MatrixRequest[] = [
  { name: 'list servers', method: 'GET', path: '/v2.1/servers/detail', repeatable: true },
  {
    name: 'make a server',
    method: 'POST',
    path: '/v2.1/servers',
    repeatable: false,
    body: json('{"server":{"name":"web-1"}}'),
  },
]

/** Requests to an API with a token. */
export const keyRequests: readonly MatrixRequest[] = [plain('GET'), plain('POST', 'a text')]

/** Methods of a pool, by the path that represents them. */
export const poolCalls: readonly MatrixRequest[] = [
  { name: 'read a machine by name', method: 'GET', path: '/VM.get_record', repeatable: true },
  { name: 'clone a machine by name', method: 'POST', path: '/VM.clone', repeatable: false },
]
