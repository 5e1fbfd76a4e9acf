import { resilient } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { vsphere } from '../src/index.ts'
import { requestTo } from './reply.ts'

const url = 'https://vc.example'
const page = '<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>'
const pageReply = () => new Response(page, { headers: { 'content-type': 'text/html' } })

describe('a 200 with a page is no answer', () => {
  it.each([
    ['GET', '/api/vcenter/vm', true],
    ['POST', '/rest/com/vmware/cis/session', false],
    ['POST', '/api', true],
    ['POST', '/sdk', true],
    ['GET', '/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/runtime', true],
    ['GET', '/eam/mob', false],
    ['GET', '/lookupservice/mob', false],
  ])('%s %s: %j', (method, path, never) => {
    expect(vsphere().answersNoPage?.(requestTo(path, method))).toBe(never)
  })

  it('a power-on that meets one may be done, and is not repeated', async () => {
    const sent: string[] = []
    const fetch = async (input: string | URL | Request, init?: RequestInit) => {
      sent.push(`${init?.method ?? 'GET'} ${String(input).slice(url.length)}`)
      return String(input).endsWith('/session') ? Response.json('token', { status: 201 }) : pageReply()
    }
    const client = resilient(fetch, { vendor: vsphere({ url, username: 'u', password: 'p4ssw0rd' }) })
    const error = await client(`${url}/api/vcenter/vm/vm-1/power?action=start`, { method: 'POST' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({
      code: 'FOREIGN_PAGE',
      mayBeDone: true,
      verifyWith: 'GET /api/vcenter/vm/vm-1/power',
    })
    expect(sent.filter((request) => !request.endsWith('/session'))).toHaveLength(1)
  })
})
