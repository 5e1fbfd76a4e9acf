import { describe, expect, it } from 'vitest'
import { vsphere } from '../src/index.ts'
import { secretRequests } from './secret-requests.ts'

const vendor = vsphere()
const found = (method: string, target: string, body?: string) => {
  const { href, origin, pathname, search } = new URL(target, 'https://vc.example')
  return vendor.secretsIn?.({ method, url: href, origin, path: pathname, query: search.slice(1), bodyText: body })
}

describe('the secrets of a request', () => {
  it.each(secretRequests)('$method $url', ({ method, url, body, secrets }) => {
    expect(found(method, url, body)).toEqual(expect.arrayContaining([...secrets]))
  })
})

describe('what is no secret is none:', () => {
  it.each<[string, string, object]>([
    ['POST', '/api/vcenter/vm', { name: 'web', guest_OS: 'RHEL_8_64', placement: { folder: 'group-v1' } }],
    ['POST', '/api/vcenter/vm/vm-1/guest/processes?action=list', { credentials: { type: 'x', user_name: 'root' } }],
    ['POST', '/api/cis/tagging/tag', { name: 'env', category_id: 'urn:vmomi:x', description: 'a b' }],
    ['POST', '/api/vcenter/host', { hostname: 'esx.example', user_name: 'root', thumbprint: 'AA:BB' }],
    ['PATCH', '/api/vcenter/vm/vm-1/hardware/cpu', { count: 4, hot_add_enabled: true }],
    ['PUT', '/api/vcenter/guest/customization-specs/x', { name: 'x', description: 'y', spec: { last_modified: 'z' } }],
    ['POST', '/api/vcenter/tokenservice/token-exchange', { grant_type: 'urn:x', subject_token_type: 'urn:y' }],
  ])('%s %s', (method, path, body) => {
    expect(found(method, path, JSON.stringify(body))).toEqual([])
  })

  it('a request without a body', () => {
    expect(found('GET', '/api/vcenter/vm')).toEqual([])
  })
})
