import { type Credentials, defineCatalogue, defineVendor, type Fault, type Vendor } from '@holdfast/core/plugin'

/** The header that shows a session. */
export const keyHeader = 'x-house-key'

const facts = { status: 401, kind: 'auth', outcome: 'rejected' } as const
const catalogue = defineCatalogue('house', [
  { code: 'KEY_EXPIRED', ...facts, reauth: true, hint: 'Log in again.' },
  { code: 'PASSWORD_REFUSED', ...facts, reauth: false, hint: 'Mend the password.' },
])

/** The vendor of the house. */
export const houseVendor = (url: string, credentials: () => Credentials): Vendor =>
  defineVendor({
    name: 'house',
    catalogue,
    origins: [url],
    secretHeaders: [keyHeader],
    parse: ({ text }) => (text.startsWith('{"error"') ? (JSON.parse(text) as { error: Fault }).error : undefined),
    auth: {
      credentials,
      async open(login, transport) {
        const reply = await transport.send('/login', { method: 'POST', body: JSON.stringify(login) })
        const { key } = (await reply.json()) as { key: string }
        return { key, secrets: [key] }
      },
      sign: ({ headers }, session) => headers.set(keyHeader, session.secrets[0] ?? ''),
      close: ({ secrets: [key = ''] }, transport) =>
        transport.send('/login', { method: 'DELETE', headers: { [keyHeader]: key } }),
    },
  }) as unknown as Vendor
