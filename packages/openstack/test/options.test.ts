import { optionsSuite } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { openstack } from '../src/index.ts'
import { emptySource as auth, wrongServiceOptions } from '../src/testing.ts'

const url = 'https://volume.example'

it('without a source of tokens, is the catalogue and nothing that logs in', () => {
  expect(openstack()).not.toHaveProperty('auth')
  expect(openstack()).not.toHaveProperty('origins')
  expect(openstack({ url })).toMatchObject({ origins: [url] })
})

it.each([
  [url, url],
  ['https://VOLUME.example:443/', url],
  [`${url}/v3/b942cc8342734d15bcb246babb1953cf`, url],
  [new URL('http://10.0.0.1:8776/v3'), 'http://10.0.0.1:8776'],
])('makes %s the only place that sees a token', (given, origin) => {
  expect(openstack({ url: given, auth })).toMatchObject({ origins: [origin], auth, secretHeaders: ['x-auth-token'] })
})

optionsSuite(
  { describe, test: it, expect },
  { vendor: 'openstack', create: openstack, wrong: [...wrongServiceOptions(url)] },
)
