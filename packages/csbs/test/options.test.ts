import { emptySource as auth, wrongServiceOptions } from '@holdfast/openstack/testing'
import { optionsSuite } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { csbs } from '../src/index.ts'

const url = 'https://csbs.example'

it('without a source of tokens, is the catalogue and nothing that logs in', () => {
  expect(csbs()).not.toHaveProperty('auth')
  expect(csbs()).not.toHaveProperty('origins')
  expect(csbs({ url })).toMatchObject({ origins: [url] })
})

it.each([
  [url, url],
  ['https://CSBS.example:443/', url],
  [`${url}/v1/b942cc8342734d15bcb246babb1953cf`, url],
  [new URL('http://10.0.0.1:8080'), 'http://10.0.0.1:8080'],
])('makes %s the only place that sees a token', (given, origin) => {
  expect(csbs({ url: given, auth })).toMatchObject({ origins: [origin], auth, secretHeaders: ['x-auth-token'] })
})

optionsSuite(
  { describe, test: it, expect },
  {
    vendor: 'csbs',
    create: csbs,
    wrong: [
      ...wrongServiceOptions(url),
      [{ url, failedBackup: 'throw' }, 'failedBackup', 'Did you mean `failedBackups`?'],
      [{ url, failedBackups: 'trow' }, 'failedBackups', 'Did you mean `throw`?'],
      [{ url, failedBackups: true }, 'failedBackups', "must be one of 'return', 'throw', got true."],
    ],
  },
)
