import { inspect } from 'node:util'
import { type ResilienceEvent, type ResilientOptions, resilient } from '@holdfast/core'
import { resilientKy } from '@holdfast/core/ky'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { sessionPlaceholder, type XenApiRow, xenapi } from '../src/index.ts'
import {
  bodyOf,
  callOf,
  failureOfCall,
  formats,
  one,
  password,
  played,
  quick,
  times,
  urlOf,
  username,
} from './calls.ts'
import { error, Pool, value } from './pool.ts'
import { useServer } from './use-server.ts'

const server = useServer()
let pool: Pool
let events: ResilienceEvent[]

beforeEach(() => {
  pool = new Pool(one)
  events = []
  server.use(pool.handler)
})

const clientOf = (options: ResilientOptions<XenApiRow> = {}) =>
  resilient(fetch, {
    vendor: xenapi({ url: one, username, password }),
    retry: quick,
    observers: [(event) => events.push(event)],
    ...options,
  })

/** All that is shown of a failure, and all that was told on the way. */
const shown = (failure: unknown) => {
  const error = failure as Error
  return [
    inspect(error, { depth: 20 }),
    JSON.stringify(error),
    error.message,
    error.stack,
    JSON.stringify(events),
  ].join()
}

describe.each(formats)('what is shown of a call in %s', (format) => {
  const url = urlOf(format)

  it('holds neither the session nor the password that a host repeats', async () => {
    pool.outcomes.set('VM.start', ({ params }) => error('INTERNAL_ERROR', `${params[0]} of ${password}`, password))
    const failure = await failureOfCall(clientOf()(url, callOf(format, 'VM.start', 'vm-1')))
    expect(failure).toMatchObject({ code: 'INTERNAL_ERROR' })
    expect(shown(failure)).not.toMatch(/session-1|hunter/)
    expect(shown(failure)).toContain('[redacted]')
  })

  it('holds no session that was refused', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    pool.outcomes.set('session.login_with_password', () => value('OpaqueRef:refused'))
    const failure = await failureOfCall(played(clientOf()(url, callOf(format, 'VM.start', 'vm-1'))))
    expect(failure).toMatchObject({ code: 'SESSION_INVALID' })
    expect(shown(failure)).not.toMatch(/OpaqueRef:refused/)
  })

  it('holds no session of its caller’s own', async () => {
    const failure = await failureOfCall(
      clientOf()(url, { method: 'POST', body: bodyOf(format, 'VM.start', 'OpaqueRef:own', 'vm-1') }),
    )
    expect(failure).toMatchObject({ code: 'SESSION_INVALID' })
    expect(shown(failure)).not.toMatch(/OpaqueRef:own/)
  })

  it('holds no password of a login that its caller makes', async () => {
    pool.outcomes.set('session.login_with_password', ({ params }) => error('INTERNAL_ERROR', `no ${params[1]}`))
    const body = bodyOf(format, 'session.login_with_password', username, 'hunter<2>')
    const failure = await failureOfCall(clientOf({ retry: false })(url, { method: 'POST', body }))
    expect(failure).toMatchObject({ code: 'INTERNAL_ERROR' })
    expect(shown(failure)).not.toMatch(/hunter/)
    expect(pool.logins).toHaveLength(1)
  })

  it('holds no password of a login of ours', async () => {
    pool.outcomes.set('session.login_with_password', ({ params }) => error('INTERNAL_ERROR', `no ${params[1]}`))
    const failure = await failureOfCall(clientOf({ retry: false })(url, callOf(format, 'VM.get_all')))
    expect(failure).toMatchObject({ code: 'INTERNAL_ERROR', reason: 'login-failed' })
    expect(shown(failure)).not.toMatch(/hunter/)
  })
})

describe('through ky', () => {
  const kyOf = () =>
    resilientKy({ vendor: xenapi({ url: one, username, password }), retry: quick, fetch: (...args) => fetch(...args) })

  it.each(formats)('the body of a Request is read, signed and sent in %s', async (format) => {
    const api = kyOf()
    const texts = await Promise.all(
      times(10, (at) => api(urlOf(format), callOf(format, 'VM.get_record', `vm-${at}`)).text()),
    )
    expect(texts.every((text, at) => text.includes(`vm-${at}`))).toBe(true)
    expect(pool.logins).toHaveLength(1)
    expect(pool.of('VM.get_record')[0]?.body).toBe(
      bodyOf(format, 'VM.get_record', 'OpaqueRef:session-1', pool.of('VM.get_record')[0]?.params[1] ?? ''),
    )
    pool.sessions.clear()
    await api(urlOf(format), callOf(format, 'VM.get_record', 'vm-1')).text()
    expect(pool.of('VM.get_record').at(-1)?.params[0]).toBe('OpaqueRef:session-2')
    await api.client.close()
    expect(pool.sessions.size).toBe(0)
  })

  it('json is what is written, and what an error is about', async () => {
    const api = kyOf()
    const json = { jsonrpc: '2.0', method: 'VM.hard_shutdown', params: [sessionPlaceholder, 'vm-1'], id: 1 }
    pool.outcomes.set('VM.hard_shutdown', () => Response.error())
    const failure = await failureOfCall(api.post(urlOf('json'), { json }).json())
    expect(failure).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(pool.of('VM.hard_shutdown')).toHaveLength(1)
  })
})
