import { describe, expect, it } from 'vitest'
import { resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { stubFetch } from './helpers/stub-fetch.ts'

/** What is told of an error whose server says this to a caller with that secret. */
async function shownOf(message: string, secret: string): Promise<string> {
  const { fetch } = stubFetch(says('LABEL_BAD', { message }))
  const vendor = depot({ secretsIn: () => [secret] })
  const error = await resilient(fetch, { vendor })('https://depot.example/belts').catch((thrown: unknown) => thrown)
  return (error as Error).message
}

describe('a secret that a server repeats in a spelling of its own', () => {
  it.each([
    ['in ASCII', 'no p\\u00e4ssw\\u00f6rd-1 here', 'pässwörd-1'],
    ['in ASCII, in capitals', 'no p\\u00E4ssw\\u00F6rd-1 here', 'pässwörd-1'],
    ['with some of its signs escaped, and one that only looks so', 'no a\\tb&quot;c%41d here', 'a\\tb"c%41d'],
    ['three times, behind a backslash', 'no \\%25%32%36%25%32%33%31%32%30%25%33%42-secret-word here', 'x-secret-word'],
    ['with a backslash before what only looks escaped', 'no a\\%41b-secret here', 'a%41b-secret'],
    ['as `escape` of JavaScript has it', 'no %u0061b%u2039c+d%2B-secret here', 'ab‹c+d+-secret'],
    ['in octal numbers, as protobuf prints bytes', 'no a\\053b\\075\\303\\251-secret here', 'a+b=é-secret'],
    ['in quoted-printable', 'no a=2Bb=3D=C3=A9-se=\r\ncret here', 'a+b=é-secret'],
    ['in quoted-printable lines, as JSON has them', 'no a+b-se=\\r\\ncret here', 'a+b-secret'],
    ['with what looks like quoted-printable in it', 'no a%2Bb=deadbeef=41 here', 'a+b=deadbeef=41'],
    ['as a shell quotes it', "no it'\\''s-a-secret here", "it's-a-secret"],
    ['as a shell escapes it', 'no se\\ cret\\ word here', 'se cret word'],
    ['as SQL quotes it', "no it''s-a-secret here", "it's-a-secret"],
    ['as CSV quotes it', 'no i""t-is-a-secret here', 'i"t-is-a-secret'],
    ['on one line', 'no correct horse battery here', 'correct  horse\tbattery'],
  ])('is told by nobody: %s', async (_, message, secret) => {
    expect(await shownOf(message, secret)).toMatch(/no \\?\[redacted\] here/)
  })

  it('nor is made by the escape of a control character and the digits behind it', async () => {
    expect(await shownOf('no a\u0012345678 here', '12345678')).toContain('no a\\u{12}345678 here')
  })

  it('or that was cut off with the text is told by nobody', async () => {
    const secret = 'gAAAAABrASZbQ3J5cHRvZ3JhcGhpY2FsbHktc2lnbmVk'
    const message = await shownOf(`the token ${secret.slice(0, 30)}…`, secret)
    expect(message).toContain('the token [redacted]…')
    expect(message).not.toContain(secret.slice(0, 8))
    expect(await shownOf('the tokens gAAAA… are good', secret)).toContain('the tokens gAAAA… are good')
  })

  it.each(['22', '27', '60', '2e2e2e'])(
    'and what only begins as it does, before %s in hexadecimal, is told',
    async (hex) => {
      const message = `no OpaqueRef:${hex}88795d here`
      expect(await shownOf(message, 'OpaqueRef:7c1f9a02-35cd')).toContain(message)
      expect(await shownOf('no 4f706171756552656622 here', 'OpaqueRef:7c1f9a02-35cd')).not.toContain('4f70')
    },
  )
})
