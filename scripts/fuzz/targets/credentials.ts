import { secretsOfPairs, secretsOfUrl, showableUrl } from '../../../packages/core/src/secrets/credentials.ts'
import { secretsOfHeaders } from '../../../packages/core/src/secrets/credentials-in-headers.ts'
import { secretsInBody } from '../../../packages/core/src/secrets/named-secrets.ts'
import { headersOf } from '../facts.ts'
import { ensure, joined, partsOf, type Target } from '../target.ts'

export const credentialsTarget: Target = {
  name: 'credentials',
  covers: /packages\/core\/src\/secrets\/(?:credentials|named-secrets|secret)/,
  seeds: [
    joined(
      'authorization: Basic dTpwYXNzd29yZA==\ncookie: a=b; session_id="c"\nx-auth-token: d',
      'https://u:p%40@h.example/a?token=b%20c&d=e#f',
    ),
    joined('authorization: Digest username="u", realm="r", response="abc", nonce=d\nx-api-key: e', 'a?sig=%zz&key'),
    joined('authorization: AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c', 'https://t@h.example'),
    joined('proxy-authorization: Bearer x', 'data:,password=a'),
  ],
  run(input) {
    const [lines = '', url = ''] = partsOf(input, 2)
    const query = url.slice(url.indexOf('?') + 1)
    const found = [
      ...secretsOfHeaders(headersOf(lines), ['x-own']),
      ...secretsOfPairs(query),
      ...secretsInBody(query),
      ...secretsOfUrl(url),
    ]
    ensure(
      found.every((secret) => typeof secret === 'string'),
      'secrets are texts',
    )
    const shown = showableUrl(url)
    ensure(!/[?#]/.test(shown), 'a URL is shown without query and fragment')
    const { password = '', origin = 'null' } = URL.parse(url) ?? {}
    ensure(
      password === '' || origin === 'null' || !shown.slice(0, origin.length + 1).includes(`${password}@`),
      'nor with a password',
    )
    return `${Math.min(found.length, 4)} ${shown === url}`
  },
  around: (hostile) => [
    joined(`authorization: ${hostile}`, hostile),
    joined(`cookie: ${hostile}`, `https://h.example/?${hostile}`),
  ],
}
