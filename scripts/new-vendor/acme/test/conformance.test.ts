import { fakeTimers, optionsSuite, vendorSuite } from '@holdfast/testing'
import { describe, expect, test, vi } from 'vitest'
import { acme } from '../src/index.ts'
import { wire } from '../src/testing.ts'
import documented from './documented.json' with { type: 'json' }

const url = 'https://acme.example'

vendorSuite(
  { describe, test, expect },
  {
    vendor: acme({ url, credentials: () => ({ username: 'user', password: 'secret' }) }),
    documented: documented.errors,
    wire,
    // Answers the logins and logouts of the conformance suite: to be changed together with their paths.
    login: (request) =>
      new URL(request.url).pathname === '/login' ? Response.json({ token: 'token-1', ttl: 3_600 }) : undefined,
    // Replies that are fine though they may not look so.
    fine: [{ status: 200, body: '{"name":"web-1"}' }],
    timers: fakeTimers(vi),
  },
)

optionsSuite(
  { describe, test, expect },
  {
    vendor: 'acme',
    create: acme,
    wrong: [
      [{ url, pasword: 'hunter2' }, 'pasword', 'is not known.'],
      [{ url: 'acme.example' }, 'url', 'must be an absolute http or https URL'],
    ],
  },
)
