import { optionsSuite } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { checkServiceOptions, type ServiceOptions } from '../src/index.ts'
import { emptySource as auth, wrongServiceOptions } from '../src/testing.ts'

const url = 'https://service.example'
// As a caller without types would write it.
const untyped = (options: unknown) => checkServiceOptions('compute', options as ServiceOptions, {})

it.each([
  [url, url],
  ['https://SERVICE.example:443/', url],
  [`${url}/v2/b942cc8342734d15bcb246babb1953cf`, url],
  [new URL('http://10.0.0.1:8080'), 'http://10.0.0.1:8080'],
])('the origin of %s is %s', (given, origin) => {
  expect(checkServiceOptions('compute', { url: given, auth }, {})).toEqual({ origin, auth })
})

it('none need be given', () => {
  expect(untyped({})).toEqual({ origin: undefined, auth: undefined })
})

optionsSuite(
  { describe, test: it, expect },
  {
    vendor: 'compute',
    create: untyped,
    wrong: [...wrongServiceOptions(url), [{ url, failedBackups: 'throw' }, 'failedBackups', 'is not known.']],
  },
)
