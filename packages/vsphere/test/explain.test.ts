import { resilient } from '@holdfast/core'
import { expect, it } from 'vitest'
import { type VsphereCode, vsphere } from '../src/index.ts'

const url = 'https://vc.example'
const vcenter = resilient(async () => expect.fail('It was sent.'), {
  vendor: vsphere({ url, username: 'u', password: 'p' }),
})

it('a rejected session is told to be renewed where the client has signed, and not where its caller does', async () => {
  const stepAt = async (code: VsphereCode, path: string) =>
    (await vcenter.explain({ code }, { method: 'POST', url: url + path })).decision
  expect(await stepAt('UNAUTHENTICATED', '/api/vcenter/vm')).toEqual({ do: 'renew', reason: 'session-rejected' })
  expect(await stepAt('NotAuthenticated', '/sdk')).toEqual({ do: 'fail', reason: 'auth' })
  expect(await stepAt('UNAUTHENTICATED', '/api')).toEqual({ do: 'fail', reason: 'auth' })
})
