import { describe, expect, it } from 'vitest'
import { secretsIn } from '../src/secrets.ts'
import { secretRequestsAt } from '../src/testing/secret-requests.ts'

const origin = 'https://cloud.example'
const found = (method: string, target: string, bodyText?: string) => {
  const { href, pathname, search } = new URL(target, origin)
  return secretsIn({ method, url: href, origin, path: pathname, query: search.slice(1), bodyText })
}

describe('the secrets of a request', () => {
  it.each(secretRequestsAt(origin))('$method $url $body', ({ method, url, body, secrets }) => {
    expect(found(method, url, body)).toEqual(expect.arrayContaining([...secrets]))
  })
})

describe('what is no secret is none:', () => {
  it.each<[string, string, object]>([
    [
      'POST',
      '/v1/p/providers/x/resources/s-1/action',
      { protect: { backup_name: 'nightly', description: 'a b', extra_info: {} } },
    ],
    ['POST', '/v2/p/cloudbackups', { backup: { volume_id: 'v-1', name: 'nightly', description: 'x' } }],
    ['POST', '/v2/p/backuppolicy/x/tags/action', { action: 'create', tags: [{ key: 'owner', value: 'me' }] }],
    ['POST', '/v2/p/backups/import_record', { 'backup-record': { backup_service: 'x', backup_url: 'eyJpZCI6IDF9' } }],
    ['POST', '/v2.1/os-keypairs', { keypair: { name: 'x', public_key: 'ssh-rsa AAAA me' } }],
    ['POST', '/v3/volumes', { volume: { size: 1, name: 'x', metadata: { a: 'b' } } }],
  ])('%s %s', (method, path, body) => {
    expect(found(method, path, JSON.stringify(body))).toEqual([])
  })

  it('what an application credential and its user are called', () => {
    const content = { id: 'app-id', secret: 'hunter22' }
    const body = { auth: { identity: { methods: ['application_credential'], application_credential: content } } }
    expect(found('POST', '/v3/auth/tokens', JSON.stringify(body))).toEqual(['hunter22'])
  })
})
