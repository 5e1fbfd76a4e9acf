import { describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { stubFetch } from './helpers/stub-fetch.ts'

describe('a vendor that another installed copy of the package has defined', () => {
  const url = `${lodgeOrigin}/rooms`
  const ofOther = async () => {
    vi.resetModules()
    const other = await import('../src/plugin.ts')
    return other.defineVendor({ ...lodge() })
  }

  it('logs in', async () => {
    const { fetch, sent } = stubFetch(
      () => Response.json({ key: 'k' }),
      () => new Response('room'),
    )
    const reply = await resilient(fetch, { vendor: await ofOther() })(url)
    expect(await reply.text()).toBe('room')
    expect(new Headers(sent[1]?.init?.headers).get('x-lodge-key')).toBe('k')
  })

  it('tells of a login that is refused', async () => {
    const { fetch } = stubFetch(() => refusal('PASSWORD_REFUSED'))
    const error = await resilient(fetch, { vendor: await ofOther() })(url).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'PASSWORD_REFUSED', reason: 'login-failed' })
  })

  it('ends calls that wait for its login when their client is closed', async () => {
    const { fetch, sent } = stubFetch(() => new Promise(() => {}))
    const client = resilient(fetch, { vendor: await ofOther() })
    const waiting = client(url).catch((thrown: unknown) => thrown)
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    await client.close({ drain: 0 })
    expect(await waiting).toMatchObject({ reason: 'closed' })
  })
})
