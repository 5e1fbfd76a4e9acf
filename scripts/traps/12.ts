import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '12-body-secret-redirected',
    what: 'a session in a body follows a redirect to any host',
    test: [
      'packages/core/test/body-secrets.test.ts',
      'a secret in a body > does not follow a 307 to a host that is not trusted',
    ],
    edits: [{ in: 'showsSecretInBody', find: 'secretsOfBody($$$).length > 0', replace: 'false' }],
  },
  {
    name: '12-bound-call-moved',
    what: 'what one host was to do to itself is done to the active endpoint',
    test: [
      'packages/core/test/endpoints-bound.test.ts',
      'a request about the very host that it names > is sent on to no other, whatever a reply says, and the error tells why',
    ],
    edits: [{ in: 'reroute', find: "if (facts.isHostBound) return fail('host-bound')", replace: '' }],
  },
  {
    name: '12-credentials-at-another-origin',
    what: 'credentials are offered to whatever origin a call names',
    test: [
      'packages/core/test/origins.test.ts',
      'credentials stay at their origins: a request to another one > is sent as it is: not signed, and no login for it',
    ],
    edits: [
      {
        in: 'vendorFor',
        find: 'if (!isTrusted && vendor.origins !== undefined && !vendor.origins.includes(facts.origin)) return undefined',
        replace: '',
      },
    ],
  },
  {
    name: '12-host-of-an-old-session',
    what: 'a host that a session named once is trusted for ever',
    test: [
      'packages/core/test/endpoints-shared.test.ts',
      'hosts that a session names > are asked no more once a session names them no more',
    ],
    edits: [
      {
        in: 'EndpointSet.setDiscovered',
        find: 'this.#discovered = origins',
        replace: 'this.#discovered = [...this.#discovered, ...origins]',
      },
    ],
  },
  {
    name: '12-led-by-anothers-trust',
    what: 'one client is led to a host that only another trusts',
    test: [
      'packages/core/test/endpoints-shared.test.ts',
      'endpoints and clients that share a state > a host that only one of them trusts is not asked by the other',
    ],
    edits: [{ in: 'failoverUrl', find: '!mayShareCredential($$$)', replace: 'false' }],
  },
  {
    name: '12-origin-by-its-beginning',
    what: 'an address that only begins like one seen before is taken for the same origin, and signed',
    test: [
      'packages/core/test/origins.test.ts',
      'a URL is known by where it leads, not by how it is spelt: > whichever spelling came before',
    ],
    edits: [
      {
        in: 'originOf',
        find: 'URL.parse(beginning)?.origin',
        replace: '(URL.parse(beginning) ?? URL.parse(url))?.origin',
      },
    ],
  },
  {
    name: '12-peers-trust-anybody',
    what: 'a service of several endpoints may send its callers anywhere',
    test: [
      'packages/core/test/endpoints-shared.test.ts',
      'hosts that a session names > and that are no hosts are not heard',
    ],
    edits: [
      { in: 'mayShareCredential', find: 'endpoints?.has(to.origin) ?? false', replace: 'endpoints !== undefined' },
    ],
  },
  {
    name: '12-redirect-carries-session',
    what: 'the session header follows a redirect to any host: fetch strips only Authorization',
    test: [
      'packages/core/test/redirects.test.ts',
      'the session never follows a redirect to a host that is not trusted: > 307 fails, and not a byte goes there',
    ],
    edits: [
      { in: 'followsRedirects', find: "request.redirect !== 'follow'", replace: 'request.redirect !== undefined' },
    ],
  },
  {
    name: '12-redirect-trusts-anybody',
    what: 'redirects are followed by hand, but to whatever host they name',
    test: [
      'packages/core/test/redirects.test.ts',
      'the session never follows a redirect to a host that is not trusted: > 302 at the end of a chain fails too',
    ],
    edits: [{ in: 'nextHop', find: 'to.origin === from.origin', replace: "to.origin !== ''" }],
  },
  {
    name: '12-redirected-login',
    what: 'a login is redirected, and its password goes along in the body',
    test: [
      'packages/core/test/redirects.test.ts',
      'the session never follows a redirect to a host that is not trusted: > 307 of a login fails: the password goes nowhere',
    ],
    edits: [
      {
        in: 'planRedirects',
        find: 'signed === undefined && !call.isInternal && !showsSecret(call)',
        replace: 'signed === undefined && !showsSecret(call)',
      },
      { in: 'planForUnsigned', find: 'showsSecretInBody(call)', replace: 'false' },
    ],
  },
  {
    name: '12-relayed-words-followed',
    what: 'the words of another service, passed on, send the callers of this one there',
    test: [
      'packages/core/test/endpoints-bound.test.ts',
      'a request upon which the service talks to another one > is sent on to no host but an endpoint, for the words may be the other service’s',
    ],
    edits: [{ in: 'rerouteOf', find: 'isRelayed ? $A : engine', replace: 'engine' }],
  },
  {
    name: '12-relayed-words-ask-endpoints',
    what: 'because of the words of another service, passed on, the endpoints of this one are asked one after the other',
    test: [
      'packages/xenapi/test/other-pools.test.ts',
      'a call upon which the master talks to another pool, in json > is not sent on to the other’s master: VM.migrate_send',
    ],
    edits: [{ in: 'rerouteOf', find: 'isRelayed ? undefined : $A', replace: '$A' }],
  },
  {
    name: '12-reroute-trusts-anybody',
    what: 'a reply names a host, and the request is sent there with a login of its own',
    test: [
      'packages/core/test/reroute-trust.test.ts',
      'a host that a reply names > "evil.example" is not, where annex.example is trusted: no login there, and not a byte',
    ],
    edits: [{ in: 'isTrusted', find: 'trustedHosts.some($A)', replace: 'trustedHosts.length > 0' }],
  },
]
