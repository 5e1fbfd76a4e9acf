import { followRedirects, type Hop } from '../../../packages/core/src/attempt/redirect.ts'
import { isTrusted, urlAtHost } from '../../../packages/core/src/endpoints/trusted-hosts.ts'
import { headersOf } from '../facts.ts'
import { ensure, joined, partsOf, type Target, textOf } from '../target.ts'

const origin = 'https://own.example'
const trustedHosts = ['other.example', '10.0.0.1:8443']

const redirect: Target = {
  name: 'redirect',
  covers: /packages\/core\/src\/attempt\/redirect/,
  seeds: [
    joined('signed POST', '302 /a\n303 https://other.example/b\n200'),
    joined('signed GET', '307 //evil.example/\n200'),
    joined('plain PUT', '308 https://evil.example:444/a?b#c\n301 https://own.example\n200'),
    joined('signed GET', '301 http://own.example/\n200'),
    joined('plain GET', '302 javascript:alert(1)\n200'),
    joined('plain DELETE', '302 https://u:p@evil.example\\@own.example/\n304'),
    joined('signed GET', `${'302 /a\n'.repeat(25)}200`),
  ],
  async run(input) {
    const [orders = '', lines = ''] = partsOf(input, 2)
    const isSigned = orders.startsWith('signed')
    const replies = lines.split('\n')
    const sent: Hop[] = []
    let refused: string | undefined
    const headers = new Headers({
      authorization: 'Basic a',
      'x-auth-token': 'b',
      cookie: 'c=d',
      'content-type': 'text/plain',
    })
    const send = async (hop: Hop) => {
      sent.push(hop)
      const [status = '', location] = (replies[sent.length - 1] ?? '200').split(/ (.*)/s)
      const number = Number.parseInt(status, 10)
      return new Response(null, {
        status: number >= 200 && number <= 599 ? number : 200,
        ...(location !== undefined && { headers: headersOf(`location:${location}`) }),
      })
    }
    const plan = {
      first: {
        url: `${origin}/begin`,
        method: /\b(GET|POST|PUT|DELETE)\b/.exec(orders)?.[0] ?? 'GET',
        headers,
        body: undefined,
      },
      ...(isSigned && {
        credentialAt: (to: URL, from: URL) => (isTrusted(to, from, trustedHosts, [origin]) ? 'may' : 'mustNot'),
      }),
      canResend: () => !orders.endsWith('once'),
      signal: undefined,
      onRefused: (why: string) => (refused = why),
      onAnswered: () => {},
      send,
    }
    const reply = await followRedirects(plan, await send(plan.first))
    ensure(sent.length <= 21, 'redirects end')
    for (const hop of sent) checkHop(hop, isSigned)
    return `${refused} ${reply.redirected} ${Math.min(sent.length, 3)}`
  },
  around: (hostile) => [
    joined('signed GET', `302 ${hostile}\n200`),
    joined('plain POST', `302 https://h.example/${hostile}\n200`),
  ],
}

function checkHop({ url, headers }: Hop, isSigned: boolean): void {
  const { protocol, host, origin: shownTo } = new URL(url)
  ensure(protocol === 'https:' || protocol === 'http:', 'a redirect leads to a web server')
  if (shownTo === origin) return
  ensure(!headers.has('authorization'), 'Authorization stays at its origin', url)
  const isShown = headers.has('x-auth-token') || headers.has('cookie')
  ensure(
    !isShown ||
      (isSigned && protocol === 'https:' && trustedHosts.some((one) => host === one || host.startsWith(`${one}:`))),
    'a credential stays at trusted hosts',
    url,
  )
}

const hosts: Target = {
  name: 'hosts',
  covers: /packages\/core\/src\/endpoints\/trusted-hosts/,
  seeds: [
    '10.0.0.2',
    'fe80::1',
    '[::1]:443',
    'other.example:80',
    'a@b',
    'other.example/..',
    '\u2488.example',
    '0x7f.1',
    'xn--a',
    'a:b:c',
  ],
  run(input) {
    const text = textOf(input)
    const url = `${origin}/jsonrpc?a=b`
    const to = urlAtHost(url, text)
    if (to === undefined) return 'none'
    ensure(
      to.protocol === 'https:' && to.pathname === '/jsonrpc' && to.search === '?a=b' && to.username === '',
      'all but the host stays',
    )
    const named = URL.parse(
      `https://${text.includes(':') && !text.startsWith('[') && text.indexOf(':') !== text.lastIndexOf(':') ? `[${text}]` : text}`,
    )
    ensure(named?.hostname === to.hostname, 'the host is the one that is named')
    return `host ${to.port !== ''} ${isTrusted(to, new URL(url), trustedHosts, [origin])}`
  },
}

export const redirectTargets: readonly Target[] = [redirect, hosts]
