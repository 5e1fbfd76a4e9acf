import { fakeTimers, optionsSuite, vendorSuite } from '@holdfast/testing'
import { describe, expect, test, vi } from 'vitest'
import { type BearerOptions, bearer, clientCredentials } from '../src/index.ts'
import { wire } from '../src/testing.ts'
import documented from './documented.json' with { type: 'json' }

const url = 'https://api.example'
const tokenPath = '/oauth2/token'
const client = { tokenUrl: url + tokenPath, clientId: 'robot', clientSecret: 'secret' }

vendorSuite(
  { describe, test, expect },
  {
    vendor: bearer({ url, auth: clientCredentials(client) }),
    documented: documented.errors,
    wire,
    login: (request) =>
      new URL(request.url).pathname === tokenPath
        ? Response.json({ access_token: 'token-1', token_type: 'Bearer', expires_in: 3_600 })
        : undefined,
    fine: [
      { status: 200, body: '{"error":"invalid_token"}' },
      { status: 200, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: '' },
    ],
    timers: fakeTimers(vi),
  },
)

optionsSuite(
  { describe, test, expect },
  {
    vendor: 'bearer',
    create: (options: BearerOptions) => bearer(options),
    wrong: [
      [{ token: 'hunter2' }, 'url', 'is missing'],
      [{ url }, 'token', 'is missing'],
      [{ url, token: 'hunter2', auth: clientCredentials(client) }, 'token', 'contradicts `auth`'],
      [{ url, tokn: 'hunter2' }, 'tokn', 'Did you mean `token`?'],
      [{ url, token: 'hunter2\r\n' }, 'token', 'without line breaks'],
      [{ url, token: 7 }, 'token', 'must be a function'],
      [{ url, token: 'hunter2', header: 'x key' }, 'header', 'must be the name of a header'],
      [{ url, token: 'Bearer hunter2' }, 'token', 'begins with `Bearer`, which is sent by itself'],
      [{ url, token: 'token hunter2', scheme: 'Token' }, 'token', 'begins with `Token`, which is sent by itself'],
      [{ url, token: 'hunter2', scheme: 'Bearer ' }, 'scheme', 'must be a word'],
      [{ url, auth: clientCredentials(client), header: 'x-key' }, 'header', 'needs `token`'],
      [{ url, token: 'hunter2', refreshOn: [200] }, 'refreshOn', 'statuses from 400'],
      [{ url, auth: 'hunter2' }, 'auth', 'must be a source of sessions'],
      [{ url: 'api.example', token: 'hunter2' }, 'url', 'must be an absolute http or https URL'],
    ],
  },
)

optionsSuite(
  { describe, test, expect },
  {
    vendor: 'clientCredentials',
    create: (options: typeof client) => clientCredentials(options),
    wrong: [
      [{ ...client, tokenUrl: undefined }, 'tokenUrl', 'is missing'],
      [{ tokenUrl: client.tokenUrl }, 'clientId', 'is missing'],
      [{ ...client, clientSecret: '' }, 'clientSecret', 'must be a text that is not empty'],
      [{ ...client, scope: [] }, 'scope', 'must be a text'],
      [{ ...client, parameters: { audience: 7 } }, 'parameters', 'an object of texts'],
      [{ ...client, clientAuth: 'header' }, 'clientAuth', "must be one of 'basic', 'body'"],
      [{ ...client, credentials: () => client }, 'credentials', 'contradicts `clientId`'],
    ],
  },
)
