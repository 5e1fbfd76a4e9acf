import { resilient } from '@holdfast/core'
import { expect, it } from 'vitest'
import { openstack } from '../src/index.ts'

it('a path with the project of another token is told as what it is', async () => {
  const body = JSON.stringify({ badRequest: { code: 400, message: 'Malformed request url' } })
  const fetch = async () => new Response(body, { status: 400, headers: { 'content-type': 'application/json' } })
  const client = resilient(fetch, { vendor: openstack({ url: 'https://volume.example' }) })
  await expect(client('https://volume.example/v3/p-2/volumes')).rejects.toMatchObject({
    code: 'badRequest',
    kind: 'fatal',
    hint: 'Put the project of the token into the path: the one that is there is another.',
  })
})
