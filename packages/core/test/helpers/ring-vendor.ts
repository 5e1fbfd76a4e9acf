import {
  defineCatalogue,
  defineVendor,
  type Fault,
  type Session,
  type SessionSource,
  type Vendor,
} from '../../src/plugin.ts'
import { byBeginning } from './sniffs.ts'

/** A service behind several endpoints, one of which is active; everything is a POST of JSON to `/rpc`. */
export const catalogue = defineCatalogue('ring', [
  {
    code: 'DOOR_FOLLOWS',
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    params: ['leader'],
    reroute: { param: 'leader' },
    hint: 'Ask the leader.',
  },
  { code: 'RING_BUSY', kind: 'retryable', outcome: 'unknown', pace: 'fast', hint: 'Wait.' },
  {
    code: 'TOKEN_GONE',
    kind: 'auth',
    outcome: 'rejected',
    reauth: true,
    params: ['token'],
    session: { param: 'token' },
    hint: 'Log in again.',
  },
  { code: 'THING_TAKEN', kind: 'conflict', outcome: 'rejected', params: ['thing'], hint: 'Take another.' },
  { code: 'ORDER_BAD', kind: 'fatal', outcome: 'rejected', params: ['order'], hint: 'Mend the order.' },
])

export type RingRow = (typeof catalogue)['rows'][number]

export const [one, two, three] = [
  'https://one.ring.example:8443',
  'https://two.ring.example:8443',
  'https://three.ring.example:8443',
] as const
export const credentials = { username: 'smith', password: 'hammer-and-tongs' }

/** The order in a body; one that begins with `read` changes nothing. */
export interface Order {
  readonly order: string
  readonly token?: string
  readonly password?: string
}

export const orderIn = (text: string | undefined): Partial<Order> => {
  try {
    return JSON.parse(text ?? '{}') as Partial<Order>
  } catch {
    return {}
  }
}

interface Token extends Session {
  readonly token: string
}

export const tokens: SessionSource<typeof credentials, Token> = {
  credentials: () => credentials,
  async open(login, transport) {
    const reply = await transport.send('/rpc', { method: 'POST', body: JSON.stringify({ order: 'login', ...login }) })
    const { token, endpoints } = (await reply.json()) as { token: string; endpoints?: string[] }
    return { token, secrets: [token], ...(endpoints && { endpoints }) }
  },
  shouldSign: ({ path, bodyText }) => path === '/rpc' && orderIn(bodyText).token === undefined,
  sign: (request, { token }) => {
    if (request.bodyText !== undefined) request.body = JSON.stringify({ ...orderIn(request.bodyText), token })
  },
  close: ({ token }, transport) =>
    transport.send('/rpc', { method: 'POST', body: JSON.stringify({ order: 'logout', token }) }),
}

/** The ring's vendor with credentials, by default with two endpoints. */
export const ring = (changes: Partial<Vendor<RingRow>> = {}): Vendor<RingRow> =>
  defineVendor<RingRow>({
    name: 'ring',
    catalogue,
    origins: [one, two],
    endpoints: [one, two],
    needsRequestBody: ({ path }) => path === '/rpc',
    isSafe: ({ bodyText }) => orderIn(bodyText).order?.startsWith('read'),
    isRepeatable: ({ bodyText }) => (/^log(in|out)$/.test(orderIn(bodyText).order ?? '') ? true : undefined),
    secretsIn: ({ bodyText }) => {
      const { token, password } = orderIn(bodyText)
      return [token, password].filter((secret) => secret !== undefined)
    },
    bodyNeed: byBeginning,
    parse: ({ text }) => (text.startsWith('{"error"') ? (JSON.parse(text) as { error: Fault }).error : undefined),
    auth: tokens,
    ...changes,
  })
