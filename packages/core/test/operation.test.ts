import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  isRefused,
  OptionsError,
  type ResilienceEvent,
  type ResilientOptions,
  resilient,
  timeline,
} from '../src/index.ts'
import { pathTemplates, type Vendor } from '../src/plugin.ts'
import { type catalogue, depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

type Row = (typeof catalogue)['rows'][number]

const url = 'https://depot.example/parcels/7'
const paths = pathTemplates('parcels({parcel}(move))')
const asked: string[] = []
const named = (changes: Partial<Vendor<Row>> = {}) =>
  depot({
    operation: ({ method, path }) => {
      asked.push(path)
      return `${method} ${paths(path)}`
    },
    ...changes,
  })
const name = 'GET /parcels/{parcel}'

let events: ResilienceEvent[]
const note = (event: ResilienceEvent) => void events.push(event)

beforeEach(() => {
  vi.useFakeTimers()
  asked.length = 0
  events = []
})

const client = (options: ResilientOptions<Row>, ...answers: Parameters<typeof stubFetch>) =>
  resilient(stubFetch(...answers).fetch, { vendor: named(), retry: { jitter: 'none' }, ...options })

describe('the name of the operation', () => {
  it('stands in an error, in each of its attempts, and in every event of the call', async () => {
    const error = await failure(client({ retry: 1, observers: [note] }, says('BELT_BUSY'))(url))
    expect(error).toMatchObject({ operation: name, request: { method: 'GET', url }, label: undefined })
    expect(error.attempts.map(({ attempt, operation }) => [attempt, operation])).toEqual([
      [1, name],
      [2, name],
    ])
    expect(events.length).toBeGreaterThan(4)
    expect(new Set(events.map((event) => 'call' in event && event.operation))).toEqual(new Set([name]))
  })

  it('is asked of nobody while all is well and nobody listens', async () => {
    await played(client({}, fine)(url))
    expect(asked).toEqual([])
  })

  it('is the HTTP method where no vendor knows one', async () => {
    const plain = await failure(resilient(stubFetch(reply(404)).fetch)(url, { method: 'DELETE' }))
    expect(plain).toMatchObject({ operation: 'DELETE' })
    expect(plain.message).toMatch(new RegExp(`^DELETE ${url}: `))
    const strange = await failure(resilient(stubFetch(reply(404)).fetch)(url, { method: 'BREW-4711' }))
    expect(strange.operation).toBe('_OTHER')
    const silent = await failure(client({ vendor: named({ operation: () => undefined }) }, says('LABEL_BAD'))(url))
    expect(silent.operation).toBe('GET')
  })

  it('never takes the place of the error, whatever its hook does', async () => {
    const hooks = [() => 7 as never, () => '', () => Promise.reject(new Error('never')) as never]
    const throwing = () => {
      throw new Error('a mistake')
    }
    for (const operation of [...hooks.slice(0, 2), throwing]) {
      const error = await failure(client({ vendor: named({ operation }) }, says('LABEL_BAD'))(url))
      expect(error).toMatchObject({ code: 'LABEL_BAD', operation: 'GET' })
    }
  })

  it('shows no secret of the call, should a vendor have made it of what it was asked', async () => {
    const vendor = named({ operation: ({ path }) => `GET ${path}`, secretsIn: () => ['hunter2'] })
    const error = await failure(client({ vendor, observers: [note] }, says('LABEL_BAD'))(`${url}/hunter2`))
    expect(JSON.stringify([error, error.message, events])).not.toContain('hunter2')
    expect(error.operation).toBe('GET /parcels/7/[redacted]')
  })

  it('is the new request’s where a conflict is answered with one, which hears the old one’s', async () => {
    const shown: unknown[] = []
    const onConflict = (_: unknown, request: unknown) => {
      shown.push(request)
      return { url: `${url}/move` }
    }
    const error = await failure(client({ onConflict, retry: 1, label: 'night' }, says('PARCEL_LOCKED'))(url))
    expect(shown[0]).toEqual({ method: 'GET', url, operation: name, label: 'night' })
    expect(error.operation).toBe(`${name}/move`)
    expect(error.attempts.map(({ operation }) => operation)).toEqual([name, `${name}/move`])
  })

  it('can be asked of a refusal', async () => {
    const down = { breaker: { minimum: 1, failureRate: 0 }, retry: 0, patience: 0, label: 'night' }
    const refusing = client(down, breaks('ECONNRESET'))
    await failure(refusing(url))
    asked.length = 0
    const error = await failure(refusing(url))
    expect(isRefused(error)).toBe(true)
    expect(asked).toEqual([])
    expect(error).toMatchObject({ reason: 'circuit-open', operation: name, label: 'night' })
  })
})

describe('a label', () => {
  it('is the caller’s own, of the call or of the client, and stands beside the name', async () => {
    const own = client({ label: 'nightly', observers: [note] }, says('LABEL_BAD'))
    expect(await failure(own(url))).toMatchObject({ label: 'nightly', operation: name })
    expect(await failure(own(url, { resilience: { label: 'by hand' } }))).toMatchObject({ label: 'by hand' })
    expect(new Set(events.map((event) => 'call' in event && event.label))).toEqual(new Set(['nightly', 'by hand']))
  })

  it('holds no secret either', async () => {
    const vendor = named({ secretsIn: () => ['hunter2'] })
    const error = await failure(client({ vendor, label: 'for hunter2' }, says('LABEL_BAD'))(url))
    expect(error.label).toBe('for [redacted]')
  })

  it.each([7, '', 'x'.repeat(201), null])('must be a short text, and not %j', (label) => {
    expect(() => client({ label: label as never }, fine)).toThrow(OptionsError)
    expect(() => client({ label: label as never }, fine)).toThrow(/`label` must be a text of 1 to 200 characters/)
  })
})

describe('a message', () => {
  it('names operation, label and the server’s own words', async () => {
    const rpc = named({ operation: () => 'Parcel.move' })
    const post = { method: 'POST', resilience: { label: 'job 7' } }
    const error = await failure(client({ vendor: rpc }, says('LABEL_BAD', { message: 'smudged' }))(url, post))
    expect(error.message).toBe(
      `[job 7] Parcel.move (POST ${url}): depot LABEL_BAD [400]: smudged (Print another label.)`,
    )
  })

  it('does not repeat the path of a template, but adds its query', async () => {
    const vendor = named({ operation: ({ method }) => `${method} /parcels/{parcel}?action=move` })
    const error = await failure(client({ vendor }, says('LABEL_BAD'))(`${url}?action=move&key=s3cret`))
    expect(error.message).toMatch(new RegExp(`^GET ${url}\\?action=move: depot LABEL_BAD`))
  })

  it('has the parameters of a server that sends no sentence', async () => {
    const error = await failure(client({}, says('PARCEL_LOCKED', { params: ['p7', 'Ann', { deep: 1 }] }))(url))
    expect(error.message).toContain('depot PARCEL_LOCKED [400]: parcel p7, Ann (')
  })

  it('has a bound, whatever the server writes', async () => {
    const long = 'word '.repeat(3_000)
    const named = await failure(client({}, says('LABEL_BAD', { message: long }))(url))
    expect(named.message.length).toBeLessThan(1_300)
    const params = Array.from({ length: 100 }, () => long)
    const listed = await failure(client({}, says('LABEL_BAD', { params }))(url))
    expect(listed.message.length).toBeLessThan(1_300)
  })
})

it('the timeline names each call', async () => {
  const lines: string[] = []
  const observers = [timeline((line) => lines.push(line.replace(/^#\d+ /, '')))]
  const vendor = named({ operation: () => 'Parcel.get' })
  await played(client({ vendor, observers, label: 'night' }, fine)(url))
  expect(lines).toEqual([
    `[night] Parcel.get (GET ${url}) 1: 200 in 0 ms`,
    `[night] Parcel.get (GET ${url}) done after 1 attempt, 0 ms`,
  ])
})
