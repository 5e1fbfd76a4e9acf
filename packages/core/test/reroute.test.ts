import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://door1.example:8443/parcels?page=2'
const moved = (host: string) => says('DOOR_MOVED', { params: [host] })
const vendor = depot()

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a reply that names the host to ask', () => {
  it('costs no retry when it sends a call to another host: the last retry is still there, and so is none', async () => {
    const { fetch, sent } = stubFetch(moved('door2.example'), moved('door3.example'), fine)
    const client = resilient(fetch, { vendor, retry: 0, trustedHosts: ['door2.example', 'door3.example'] })
    await played(client(url, { method: 'POST', body: 'same bytes', headers: { 'x-count': '1' } }))
    expect(sent.map((one) => one.url)).toEqual([
      url,
      'https://door2.example:8443/parcels?page=2',
      'https://door3.example:8443/parcels?page=2',
    ])
    for (const { init } of sent) expect(init).toMatchObject({ method: 'POST', body: 'same bytes' })
    expect(performance.now()).toBe(0)
  })

  it('is followed twice at most', async () => {
    const { fetch, sent } = stubFetch(moved('door2.example'), moved('door1.example:8443'), moved('door2.example'))
    const trustedHosts = ['door1.example', 'door2.example']
    const client = resilient(fetch, { vendor, trustedHosts, retry: 0 })
    expect(await failure(client(url))).toMatchObject({ reason: 'too-many-hops' })
    expect(sent).toHaveLength(3)
  })

  it('is followed twice more after a wait, by hosts that name each other until they agree', async () => {
    const [here, there] = ['door1.example:8443', 'door2.example']
    const { fetch, sent } = stubFetch(moved(there), moved(here), moved(there), moved(there), fine)
    const client = resilient(fetch, { vendor, trustedHosts: ['door1.example', there], retry: 1 })
    expect((await played(client(url, { method: 'POST', body: 'once' }))).ok).toBe(true)
    expect(sent.map((one) => new URL(one.url).hostname.at(4))).toEqual(['1', '2', '1', '1', '2'])
  })

  it('is not followed to a host that nobody trusts: no byte goes there', async () => {
    for (const host of ['evil.example', 'door2.example@evil.example', 'evil.example/door2.example', 'a b']) {
      const { fetch, sent } = stubFetch(moved(host), fine)
      const error = await failure(resilient(fetch, { vendor, trustedHosts: ['door2.example'] })(url))
      expect(error).toMatchObject({ code: 'DOOR_MOVED', reason: 'untrusted-host' })
      expect(sent.map((one) => one.url)).toEqual([url])
    }
  })

  it('may name an IPv6 address, with or without brackets', async () => {
    for (const host of ['fd00::7', '[fd00::7]']) {
      const { fetch, sent } = stubFetch(moved(host), fine)
      await played(resilient(fetch, { vendor, trustedHosts: ['[fd00::7]'] })(url))
      expect(sent[1]?.url).toBe('https://[fd00::7]:8443/parcels?page=2')
    }
  })

  it('takes the parts of a Request along', async () => {
    const { fetch, sent } = stubFetch(moved('door2.example'), fine)
    const request = new Request(url, { method: 'PUT', body: 'packed', headers: { 'x-count': '1' }, redirect: 'error' })
    await played(resilient(fetch, { vendor, trustedHosts: ['door2.example'] })(request))
    const again = new Request(sent[1]?.input ?? '', sent[1]?.init)
    expect([again.method, again.url, again.redirect]).toEqual([
      'PUT',
      'https://door2.example:8443/parcels?page=2',
      'error',
    ])
    expect(again.headers.get('x-count')).toBe('1')
    expect(await again.text()).toBe('packed')
  })
})
