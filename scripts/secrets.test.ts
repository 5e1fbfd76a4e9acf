import { http, resilient } from '@holdfast/core'
import type { Vendor } from '@holdfast/core/plugin'
import { fetchFrom, mockVendor, ok } from '@holdfast/testing'
import { createXenApi } from '@holdfast/xenapi/client'
import { afterAll, describe, expect, it } from 'vitest'
import { loginPlaces, places } from './secrets/places.ts'
import { requestOf, secrets } from './secrets/secrets.ts'
import { spellings } from './secrets/spellings.ts'
import { inOne, leaksIn, shareOf, tell } from './secrets/table.ts'
import { subjects } from './secrets/vendors.ts'

const all = Object.values(secrets)
const withoutSession = all.filter((secret) => secret !== secrets.session)
const rowsOf = <Row>(rows: Readonly<Record<string, Row>>) =>
  Object.entries(rows).map(([name, row], at) => [name, row, at] as const)
let cases = 0

describe.each(subjects.map((subject, at) => [subject.name, subject, at] as const))('of %s', (_name, subject, at) => {
  it.each([
    ...rowsOf(places).map((row) => [...row, all] as const),
    ...rowsOf(loginPlaces).map((row) => [...row, withoutSession] as const),
  ])('no secret of a call is told that is repeated in %s', async (_place, put, row, known) => {
    const found: string[] = []
    for (const [name, spell, face] of shareOf(at + row)) {
      const answers = put(subject, inOne(known, spell))
      if (answers === undefined) continue
      cases += known.length
      const leaks = leaksIn(await tell(subject, answers, face), known, spell)
      if (leaks.length > 0) found.push(`${name}: ${leaks.join(', ')}`)
    }
    expect(found).toEqual([])
  })

  it('no secret of a call is told in mode observe', async () => {
    // Nobody has logged in, and a session is not put into a request.
    const known = all.filter((secret) => secret !== secrets.session && secret !== secrets.password)
    const found: string[] = []
    for (const [name, spell, face] of shareOf(at)) {
      for (const place of ['a message', 'an unlisted code', 'a page', 'a cause']) {
        const answers = places[place]?.(subject, inOne(known, spell))
        if (answers === undefined) continue
        cases += known.length
        const leaks = leaksIn(await tell(subject, answers, face, { mode: 'observe' }), known, spell)
        if (leaks.length > 0) found.push(`${name}: ${leaks.join(', ')}`)
      }
    }
    expect(found).toEqual([])
  })
})

it.each(subjects.filter(({ vendor }) => vendor !== undefined))(
  'the records of a mock of $name hold none',
  async (subject) => {
    const { vendor = http, url, body, isLogin, login, wire } = subject
    const mock = mockVendor(vendor as Vendor, { wire })
    const served = fetchFrom([mock.any(new URL(url).pathname, ok({ result: 'done' }))])
    const fetch: typeof served = async (input, init) =>
      isLogin({ url: String(input), body: String(init?.body ?? '') }) ? login() : served(input, init)
    const reply = await resilient(fetch, { vendor: vendor as Vendor })(...requestOf(url, body))
    expect(await reply.json()).toEqual({ result: 'done' })
    expect(mock.calls).toHaveLength(1)
    expect(leaksIn(mock.calls, all, (secret) => secret)).toEqual([])
    expect(JSON.stringify(mock.calls)).toContain('[secret 2]')
  },
)

describe('of a task', () => {
  it('no secret is told that its error repeats', async () => {
    const known = [secrets.session, secrets.password, secrets.body]
    const found: string[] = []
    for (const [name, spell] of Object.entries(spellings)) {
      cases += known.length
      const text = inOne(known, spell)
      const results: Readonly<Record<string, unknown>> = {
        'session.login_with_password': secrets.session,
        'Async.SR.create': 'OpaqueRef:task',
        'task.get_record': { status: 'failure', error_info: ['SR_BACKEND_FAILURE_1', text, `x${text}`], result: '' },
      }
      const fetch = async (_: unknown, init: RequestInit = {}) => {
        const { method } = JSON.parse(String(init.body)) as { method: string }
        return Response.json({ jsonrpc: '2.0', result: results[method] ?? '', id: 0 })
      }
      await using xen = createXenApi({
        url: 'https://xen.example',
        username: 'root',
        password: secrets.password,
        fetch,
      })
      const run = xen.callAsync('SR.create', 'OpaqueRef:host', { password: secrets.body }, '0', 'name', '', 'nfs')
      const error = await run.catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Error)
      const leaks = leaksIn([error], known, spell)
      if (leaks.length > 0) found.push(`${name}: ${leaks.join(', ')}`)
    }
    expect(found).toEqual([])
  })
})

describe('the table', () => {
  it.each(Object.entries(spellings))('knows a secret that is told: %s', (_, spell) => {
    expect(leaksIn([new Error(`no ${inOne(all, spell)}`)], all, spell)).toEqual(all)
    expect(leaksIn([{ deep: [new Map([['key', inOne(all, spell)]])] }], all, spell)).toEqual(all)
  })

  afterAll(() => {
    expect(cases).toBeGreaterThan(5_000)
  })
})
