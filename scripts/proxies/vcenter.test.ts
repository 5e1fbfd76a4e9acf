import { type ResilientOptions, resilient } from '@holdfast/core'
import { serve } from '@holdfast/testing'
import { type VsphereRow, vsphere } from '@holdfast/vsphere'
import { type VCenter, vcenter } from '@holdfast/vsphere/simulator'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { quick } from './send.ts'
import { throughProxies } from './through-proxies.ts'

const server = await serve([])
afterAll(() => server.close())

throughProxies(
  'a vCenter behind a real proxy',
  (proxy) => {
    let vc: VCenter

    beforeEach(() => {
      vc = vcenter()
      server.resetHandlers()
      server.use(...vc.handlers)
    })

    const login = (options: ResilientOptions<VsphereRow> & { password?: string } = {}) => {
      const { password = 'secret', ...policy } = options
      const url = proxy.front.origin
      const client = resilient(fetch, {
        vendor: vsphere({ url, username: 'administrator@vsphere.local', password }),
        init: { headers: { connection: 'close' } },
        retry: { limit: 3, ...quick },
        ...policy,
      })
      const ask = (what: string) => {
        const [method = '', path = ''] = what.split(' ')
        return client(`${url}${path}`, { method })
      }
      return { client, ask }
    }
    const start = 'POST /api/vcenter/vm/vm-2/power?action=start'
    const executed = () => vc.executed.map(({ action, target }) => `${action} ${target}`)

    test('one login serves many calls, and close() ends the session', async () => {
      const { client, ask } = login()
      const replies = await Promise.all([1, 2, 3, 4, 5].map(() => ask('GET /api/vcenter/vm')))
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      expect(await replies[0]?.json()).toHaveLength(3)
      await ask(start)
      expect([vc.logins, executed()]).toEqual([1, ['vm.start vm-2']])
      await client.close()
      expect(vc.sessions).toBe(0)
    })

    test('sessions that expired are renewed once for all', async () => {
      const { ask } = login()
      await ask('GET /api/vcenter/vm')
      vc.expireSessions()
      const replies = await Promise.all([1, 2, 3, 4, 5].map(() => ask('GET /api/vcenter/vm')))
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      expect(vc.logins).toBe(2)
    })

    test('a wrong password is tried once', async () => {
      const { ask } = login({ password: 'wrong' })
      await expect(ask('GET /api/vcenter/vm')).rejects.toMatchObject({ kind: 'auth', status: 401 })
      await expect(ask('GET /api/vcenter/vm')).rejects.toMatchObject({ kind: 'auth' })
      expect([vc.logins, vc.refusedLogins]).toEqual([0, 1])
    })

    test('dying after a machine was started: not repeated, and the caller is told', async () => {
      const { ask } = login()
      vc.faults.drop({ when: 'after' })
      await expect(ask(start)).rejects.toMatchObject({ code: 'HTTP_502', vendor: 'http', mayBeDone: true })
      expect(executed()).toEqual(['vm.start vm-2'])
      await expect(ask(start)).rejects.toMatchObject({ kind: 'conflict', vendor: 'vsphere' })
    })

    test('refusing before any work: the start is repeated and done once', async () => {
      const { ask } = login()
      await ask('GET /api/vcenter/vm')
      vc.faults.overload({ times: 2, retryAfter: 0 })
      expect((await ask(start)).status).toBe(204)
      vc.outage({ times: 2 })
      expect((await ask('POST /api/vcenter/vm/vm-2/power?action=suspend')).status).toBe(204)
      expect(executed()).toEqual(['vm.start vm-2', 'vm.suspend vm-2'])
    })

    test('maintenance before the login, ended meanwhile: seen through, one session', async () => {
      await proxy.front.maintain(true)
      let sent = 0
      const client = resilient(
        async (...args) => {
          if (++sent === 3) await proxy.front.maintain(false)
          return fetch(...args)
        },
        {
          vendor: vsphere({ url: proxy.front.origin, username: 'administrator@vsphere.local', password: 'secret' }),
          init: { headers: { connection: 'close' } },
          retry: { limit: 3, ...quick },
        },
      )
      expect((await client(`${proxy.front.origin}/api/vcenter/vm`)).status).toBe(200)
      expect(vc.logins).toBe(1)
    })
  },
  { concurrent: false, vcenterPort: async () => Number(new URL(server.url).port) },
)
