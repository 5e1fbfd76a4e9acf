import { inspect } from 'node:util'
import { isAuth, isFatal, isVendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { provider, providers, startClient, v1 } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const protect = (server = 'server-1') => `${providers}/resources/${server}/action`
const nightly = { protect: { backup_name: 'nightly' } }

describe('a token', () => {
  it.each(['401', '403'] as const)(
    'that ends in mid-flow is renewed once for all callers: told by %s',
    async (staleToken) => {
      const { users, service, send } = startClient({ service: { staleToken } })
      await send('POST', protect(), nightly)
      users.expireTokens()
      const answers = await Promise.all(Array.from({ length: 20 }, () => send('GET', `${v1}/checkpoint_items`)))
      expect(answers.every((answer) => answer instanceof Response && answer.ok)).toBe(true)
      users.expireTokens()
      expect(await send('POST', protect('server-2'), nightly)).toMatchObject({ status: 200 })
      expect(users.logins).toBe(3)
      expect(service.executed).toHaveLength(2)
    },
  )

  it('that is refused though it is fresh is not asked for again and again', async () => {
    const { users, service, send } = startClient()
    service.faults.fail('APIG.0307', { times: 100 })
    for (let call = 0; call < 10; call += 1) expect(isAuth(await send('GET', `${v1}/policies`))).toBe(true)
    expect(users.logins).toBeLessThan(10)
    expect(service.calls.length).toBeLessThan(30)
  })

  it('is waited for while the identity service is away', async () => {
    const { users, send } = startClient()
    users.faults.drop({ times: 2 })
    expect(await send('GET', `${v1}/policies`)).toMatchObject({ status: 200 })
    expect(users.calls.map(({ end }) => end)).toEqual(['dropped', 'dropped', 'replied'])
  })
})

describe('a quota that is reached', () => {
  it('ends the call at once', async () => {
    const { service, send } = startClient({ service: { quota: { backups: 0, policies: 0 } } })
    const policy = { name: 'daily', provider_id: provider, resources: [] }
    const errors = [await send('POST', protect(), nightly), await send('POST', `${v1}/policies`, { policy })]
    expect(errors.map((error) => isFatal(error) && [error.code, error.status])).toEqual([
      ['CSBS.9006', 400],
      ['CSBS.0001', 400],
    ])
    expect(service.calls).toHaveLength(2)
  })
})

describe('who stands in front', () => {
  it('throttles for a time that stands in a sentence, and is obeyed', async () => {
    const { service, send } = startClient({ service: { throttle: { limit: 1, window: 60_000 } } })
    await send('GET', `${v1}/policies`)
    expect(await send('POST', protect(), nightly)).toMatchObject({ status: 200 })
    const [, refused, carriedOut, ...more] = service.calls
    expect([refused?.code, carriedOut?.executed, more]).toEqual(['APIG.0308', 'backup.create', []])
    expect((carriedOut?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(60_000)
  })

  it('shows a page instead of an answer, and is asked again for what can be asked again', async () => {
    const { service, send } = startClient()
    service.faults.badGateway()
    expect(await send('GET', `${v1}/checkpoint_items`)).toMatchObject({ status: 200 })
    service.faults.badGateway({ method: 'POST' })
    const check = { check_protectable: [{ resource_id: 'server-1' }] }
    expect(await send('POST', `${providers}/resources/action`, check)).toMatchObject({ status: 200 })
    service.faults.badGateway({ method: 'POST' })
    const error = await send('POST', protect(), nightly)
    expect(isVendorError(error) && [error.code, error.reason]).toEqual(['BALANCER_502', 'not-repeatable'])
    expect(service.executed).toEqual([])
  })

  it('and whoever stands behind it never show a secret in an error', async () => {
    const { users, service, send } = startClient()
    await send('GET', `${v1}/policies`)
    service.faults.fail('CSBS.9999', { message: 'failed with secret', method: 'POST' })
    const error = await send('POST', protect(), nightly)
    const shown = isVendorError(error) ? `${error.message} ${JSON.stringify(error)} ${inspect(error)}` : ''
    expect(shown).toContain('CSBS.9999')
    expect(shown).not.toMatch(/secret|gAAAAAB/)
    expect(users.logins).toBe(1)
  })
})
