import { expect, it } from 'vitest'
import { openstack } from '../src/index.ts'
import { requestFacts } from '../src/testing.ts'

it.each([
  ['GET', '/v2.1/servers/detail', true],
  ['POST', '/nova/v2.1/servers/s-1/action', true],
  ['GET', '/v3/0123456789abcdef/volumes', true],
  ['GET', '/v2.0/networks', true],
  ['GET', '/v2/images/i-1/file', true],
  ['GET', '/identity/v3', true],
  // What it was asked for may be a page.
  ['GET', '/v1/AUTH_0123/site/index.html', false],
  ['GET', '/v1/AUTH_0123/servers/detail', false],
  ['GET', '/swift/v1/AUTH_0123/servers', false],
  ['GET', '/v3/auth/OS-FEDERATION/websso/openid', false],
  // Nobody knows, or the login itself says it better.
  ['POST', '/v3/auth/tokens', false],
  ['GET', '/', false],
  ['GET', '/dashboard/project', false],
  ['GET', '/v1/brand-new/thing/of/ours', false],
])('a page is no answer to %s %s: %j', (method, path, never) => {
  expect(openstack().answersNoPage?.(requestFacts(`https://cloud.example${path}`, method))).toBe(never)
})
