import { vsphere } from '@holdfast/vsphere'
import { xenapi } from '@holdfast/xenapi'
import { ensure, joined, partsOf, type Target } from '../target.ts'

const url = 'https://login.example'
const login = { url, username: 'u', password: 'pass-9X7q' }
const sources = {
  api: vsphere(login).auth,
  rest: vsphere({ ...login, surface: 'rest' }).auth,
  xenapi: xenapi({ ...login, discoverMembers: true }).auth,
}

/** The replies to a login, and to what the vendor asks after it. */
export const loginTarget: Target = {
  name: 'logins',
  covers: /packages\/(?:vsphere|xenapi)\/src\/(?:session|speaking)/,
  seeds: [
    joined('api', '"token-1"'),
    joined('rest', '{"value":"token-1"}'),
    joined('rest', '"token 1"'),
    joined(
      'xenapi',
      '{"jsonrpc":"2.0","result":"OpaqueRef:1","id":0}',
      '{"result":{"a":{"address":"10.0.0.2"},"b":null}}',
    ),
    joined('xenapi', '{"result":"OpaqueRef:1","error":null}', '{"error":["HOST_OFFLINE"]}'),
    joined(
      'xenapi',
      '<methodResponse><params><param><value><struct><member><name>Status</name><value>Success</value></member><member><name>Value</name><value>OpaqueRef:1</value></member></struct></value></param></params></methodResponse>',
    ),
  ],
  async run(input) {
    const [name = '', ...bodies] = partsOf(input, 4)
    const asked = name === 'rest' || name === 'xenapi' ? name : 'api'
    const source = sources[asked]
    if (source === undefined) return 'none'
    const transport = { origin: url, send: async () => new Response(bodies.shift() ?? '') }
    const session = await source.open(await source.credentials(), transport).catch((error: unknown) => error)
    if (session instanceof Error) {
      ensure(session.message.startsWith('The login at '), 'a login fails in its words', session)
      ensure(!session.message.includes(login.password), 'and shows no password', session)
      return `${asked} none`
    }
    const { secrets, endpoints } = session as Awaited<ReturnType<typeof source.open>>
    ensure(
      secrets.length >= 2 && secrets.every((secret) => /^[\x21-\x7e]+$/.test(secret)),
      'a session can stand in a header',
    )
    ensure(endpoints?.every((endpoint) => typeof endpoint === 'string' && endpoint !== '') ?? true, 'members are texts')
    return `${asked} ${endpoints !== undefined}`
  },
  around: (hostile) => [
    joined('api', hostile),
    joined('rest', `{"value":${hostile}`),
    joined('xenapi', hostile),
    joined('xenapi', '{"result":"OpaqueRef:1"}', hostile),
  ],
}
