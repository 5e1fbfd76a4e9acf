import { resilient, type VendorError } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { type VsphereSurface, vsphere } from '../src/index.ts'

async function errorAt(answer: () => Response, surface?: VsphereSurface) {
  const vendor = vsphere({ url: 'https://vc.example', username: 'u', password: 'p', ...(surface && { surface }) })
  const client = resilient(async () => answer(), { vendor, retry: 0 })
  return client('https://vc.example/api/vcenter/vm').catch((error: unknown) => error as VendorError)
}

describe('a login that a vCenter has no place for names the other surface', () => {
  it.each([
    ['a page', () => new Response('<html>404</html>', { status: 404 })],
    ['nothing', () => new Response(null, { status: 404 })],
    ['a type', () => Response.json({ error_type: 'NOT_FOUND', messages: [] }, { status: 404 })],
  ])('beside %s', async (_, answer) => {
    expect(await errorAt(answer)).toMatchObject({
      reason: 'login-failed',
      hint: "Give `surface: 'rest'`: a vCenter before 7.0 U2 has no `/api`.",
    })
    expect(await errorAt(answer, 'rest')).toMatchObject({ hint: expect.stringContaining("`surface: 'api'`") })
  })
})

it('a login that a web page answers names the address', async () => {
  const page = () => new Response('<html>Welcome</html>', { headers: { 'content-type': 'text/html' } })
  expect(await errorAt(page)).toMatchObject({
    name: 'VendorError',
    code: 'LOGIN_FAILED',
    hint: expect.stringContaining('`url`'),
  })
})
