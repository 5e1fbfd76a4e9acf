import { type ResilientOptions, resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { type XenApiRow, xenapi } from '../src/index.ts'
import { callOf, failureOfCall, formats, one, password, quick, two, urlOf, username } from './calls.ts'
import { error, Pool } from './pool.ts'
import { useServer } from './use-server.ts'

const server = useServer()
const other = 'other-pool.example'
let pool: Pool

beforeEach(() => {
  pool = new Pool(one)
  server.use(pool.handler)
})

const clientOf = (options: ResilientOptions<XenApiRow> = {}) =>
  resilient(fetch, { vendor: xenapi({ url: one, members: [two], username, password }), retry: quick, ...options })
const trail = () => pool.heard.map(({ origin, method }) => `${new URL(origin).hostname} ${method}`)

describe.each(formats)('a call upon which the master talks to another pool, in %s', (format) => {
  const url = urlOf(format)

  it.each(['VM.migrate_send', 'VM.recover', 'pool.join', 'Async.pool.join'])(
    'whose session is refused there costs ours nothing: %s',
    async (method) => {
      pool.outcomes.set(method, () => error('SESSION_INVALID', 'OpaqueRef:of-the-other-pool'))
      const client = clientOf()
      for (let call = 0; call < 3; call++) {
        const failure = await failureOfCall(client(url, callOf(format, method, 'vm-1')))
        expect(failure).toMatchObject({ code: 'SESSION_INVALID', reason: 'auth', mayBeDone: true })
      }
      expect((await client(url, callOf(format, 'VM.get_record', 'vm-1'))).status).toBe(200)
      expect(pool.logins).toHaveLength(1)
      expect(pool.of(method)).toHaveLength(3)
    },
  )

  it.each(['VM.migrate_send', 'VM.assert_can_migrate', 'pool.join_force', 'VM_appliance.recover'])(
    'is not sent on to the other’s master: %s',
    async (method) => {
      pool.outcomes.set(method, () => error('HOST_IS_SLAVE', other))
      const client = clientOf({ trustedHosts: [other] })
      const failure = await failureOfCall(client(url, callOf(format, method, 'vm-1')))
      expect(failure).toMatchObject({ code: 'HOST_IS_SLAVE', reason: 'untrusted-host' })
      expect(pool.of(method)).toHaveLength(1)
      await client(url, callOf(format, 'VM.get_record', 'vm-1'))
      expect(trail().filter((asked) => asked.startsWith(other))).toEqual([])
    },
  )

  it.each(['host.shutdown_agent', 'pool.emergency_transition_to_master'])(
    'or one about a member itself is not done to the master instead: %s',
    async (method) => {
      const failure = await failureOfCall(clientOf()(urlOf(format, two), callOf(format, method)))
      expect(failure).toMatchObject({ code: 'HOST_IS_SLAVE', reason: 'host-bound', mayBeDone: false })
      expect(trail()).toEqual([
        `${new URL(one).hostname} session.login_with_password`,
        `${new URL(two).hostname} ${method}`,
      ])
    },
  )
})
