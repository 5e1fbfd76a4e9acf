import {
  type Credentials,
  defineCatalogue,
  defineVendor,
  type ErrorRow,
  type Fault,
  type Session,
  type SessionSource,
  type Vendor,
} from '../../src/plugin.ts'

/** A guest house that gives a key for a name and a password, with an error of every class. */
export const catalogue = defineCatalogue('lodge', [
  {
    code: 'KEY_EXPIRED',
    status: 401,
    kind: 'auth',
    outcome: 'rejected',
    reauth: true,
    params: ['key'],
    hint: 'Log in again.',
  },
  {
    code: 'PASSWORD_REFUSED',
    status: 401,
    kind: 'auth',
    outcome: 'rejected',
    reauth: false,
    hint: 'Mend the password.',
  },
  {
    code: 'FLOOR_FORBIDDEN',
    status: 403,
    kind: 'auth',
    outcome: 'rejected',
    reauth: false,
    hint: 'Ask for the right.',
  },
  {
    code: 'ROOM_TAKEN',
    status: 400,
    kind: 'conflict',
    outcome: 'rejected',
    params: ['room', 'guest'],
    hint: 'Take another room.',
  },
  {
    code: 'ROOM_BEING_CLEANED',
    refines: 'ROOM_TAKEN',
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    hint: 'Wait for the cleaner.',
  },
  {
    code: 'ROOM_READY',
    status: 400,
    kind: 'conflict',
    outcome: 'rejected',
    achieved: true,
    hint: 'It is made up already.',
  },
  {
    code: 'ROOM_UNKNOWN',
    status: 404,
    kind: 'fatal',
    outcome: 'rejected',
    params: ['room'],
    hint: 'There is no such room.',
  },
  { code: 'DESK_CLOSED', status: 503, kind: 'retryable', outcome: 'rejected', pace: 'fast', hint: 'Come back later.' },
  { code: 'BELL_BROKEN', status: 500, kind: 'retryable', outcome: 'unknown', pace: 'fast', hint: 'Mend the bell.' },
  {
    code: 'DESK_MOVED',
    status: 400,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    params: ['host'],
    reroute: { param: 'host' },
    hint: 'Ask at the other desk.',
  },
])

export type LodgeRow = (typeof catalogue)['rows'][number]

/** The header that shows the key. */
export const keyHeader = 'x-lodge-key'

export const lodgeOrigin = 'https://lodge.example'
export const username = 'guest'
export const password = 'open-sesame'

interface Key extends Session {
  readonly key: string
}

/** Logs in at `/login` with the password in the body; the reply says how long the key is good. */
export const keySource = (credentials: () => Credentials | Promise<Credentials>): SessionSource<Credentials, Key> => ({
  credentials,
  async open(login, transport) {
    const response = await transport.send('/login', { method: 'POST', body: JSON.stringify(login) })
    const { key, ...limits } = (await response.json()) as { key: string; expiresAt?: number; idleTimeout?: number }
    return { key, ...limits, secrets: [key] }
  },
  sign: ({ headers }, { key }) => headers.set(keyHeader, key),
  close: ({ key }, transport) => transport.send('/login', { method: 'DELETE', headers: { [keyHeader]: key } }),
})

/** The lodge's vendor with credentials, by default at one origin. */
export const lodge = (
  changes: Partial<Vendor<LodgeRow>> & { readonly credentials?: () => Credentials | Promise<Credentials> } = {},
): Vendor<LodgeRow> => {
  const { credentials = () => ({ username, password }), ...members } = changes
  return defineVendor<LodgeRow>({
    name: 'lodge',
    catalogue,
    origins: [lodgeOrigin],
    secretHeaders: [keyHeader],
    scope: ({ path }) => (path === '/login' ? 'login' : 'rooms'),
    // At worst, a second login leaves an unused key.
    isRepeatable: ({ path }) => (path === '/login' ? true : undefined),
    parse: ({ text }) => (text.startsWith('{"error"') ? (JSON.parse(text) as { error: Fault }).error : undefined),
    auth: keySource(credentials),
    ...members,
  })
}

/** A reply in which the lodge says this. */
export function refusal(code: LodgeRow['code'], fault: Partial<Fault> = {}, headers: HeadersInit = {}): Response {
  const row: ErrorRow | undefined = catalogue.rows.find((one) => one.code === code)
  const status = fault.status ?? row?.status ?? 400
  const body = JSON.stringify({ error: { code, ...fault } })
  return new Response(body, {
    status,
    headers: { 'content-type': 'application/json', ...Object.fromEntries(new Headers(headers)) },
  })
}
