import { isVendorError, resilient, type VendorError } from '@holdfast/core'
import { keystone } from '@holdfast/keystone'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { csbs } from '../src/index.ts'
import { failureOfCall } from './service.ts'

const url = 'https://csbs.example'
const page = (status = 200) =>
  new Response('<!DOCTYPE html><title>Login - OpenStack Dashboard</title>', {
    status,
    headers: { 'content-type': 'text/html' },
  })

beforeEach(() => {
  vi.useFakeTimers()
})

const errorAt = async (answer: (url: string) => Response, authUrl = 'https://cloud.example/dashboard') => {
  const auth = keystone({ authUrl, username: 'u', password: 'hunter2', userDomainName: 'd', projectId: 'p' })
  const fetch = async (input: string | URL | Request) => answer(String(input))
  const error = await failureOfCall(resilient(fetch, { vendor: csbs({ url, auth }), retry: 0 })(`${url}/v1/p/policies`))
  expect(isVendorError(error)).toBe(true)
  return error as VendorError
}

describe('a login at an address where no identity API answers is an error that names `authUrl`:', () => {
  it.each([
    ['a web page in its place', () => page()],
    [
      'a redirect to one',
      (at: string) =>
        at.endsWith('/auth/login/') ? page() : Response.redirect('https://cloud.example/auth/login/', 302),
    ],
    ['a page that nothing was found', () => page(404)],
    [
      '404 in JSON',
      () => Response.json({ error: { code: 404, title: 'Not Found', message: 'none' } }, { status: 404 }),
    ],
    ['405', () => page(405)],
    ['a choice of versions', () => Response.json({ versions: { values: [] } }, { status: 300 })],
  ])('%s', async (_, answer) => {
    const error = await errorAt(answer)
    expect(error).toMatchObject({ reason: 'login-failed', hint: expect.stringContaining('`authUrl`') })
    expect(error.message).toContain('Check `authUrl`')
    expect(error.message).not.toContain('hunter2')
  })
})

it('an address with http that wants TLS is told', async () => {
  const moved = () => new Response(null, { status: 301, headers: { location: 'https://cloud.example/v3/auth/tokens' } })
  expect(await errorAt(moved, 'http://cloud.example/v3')).toMatchObject({
    code: 'REDIRECT_UNTRUSTED',
    hint: 'Give the address with https:, not http: http://cloud.example wants TLS.',
  })
})
