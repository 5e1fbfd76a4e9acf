import { fetchFrom } from '@holdfast/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { xapi } from '../src/simulator/index.ts'
import { json, url, xml } from './xapi-rpc.ts'

const ask = fetchFrom(xapi().handlers)

/** A call with a piece cut out and something else put in. */
const mutated = (body: string) =>
  fc
    .tuple(fc.nat(body.length), fc.nat(20), fc.string({ maxLength: 20 }))
    .map(([at, cut, put]) => body.slice(0, at) + put + body.slice(at + cut))

const bodies = fc.oneof(
  fc.string(),
  fc.json(),
  mutated(json('VM.get_record', ['OpaqueRef:1', 'OpaqueRef:vm-1'], '2.0')),
  mutated(xml('VM.get_record', 'OpaqueRef:1', 'OpaqueRef:vm-1')),
  fc
    .record({ method: fc.string(), params: fc.array(fc.jsonValue()), id: fc.nat() })
    .map((call) => JSON.stringify(call)),
)

describe('whatever it is sent', () => {
  it('the pool answers with an answer of the API or a page that shows the exception', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.constantFrom('/', '/jsonrpc'), async (body, path) => {
        const reply = await ask(`${url}${path}`, { method: 'POST', body })
        const text = await reply.text()
        if (reply.status === 200) expect(text).toMatch(/<methodResponse>|"id":/)
        else expect([reply.status, text]).toMatchObject([500, /Additional information/])
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['/', '<methodCall><methodName>a</methodName><params><param>'.padEnd(200_000, '<value><array><data>')],
    ['/jsonrpc', `{"method":"VM.get_all","id":1,"params":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`],
  ])('%s survives what is nested too deep', async (path, body) => {
    const reply = await ask(`${url}${path}`, { method: 'POST', body })
    expect(await reply.text()).toMatch(/Stack overflow|INTERNAL_ERROR/)
  })

  it('no entity is resolved', async () => {
    const body = `<!DOCTYPE a [<!ENTITY x "root">]>${xml('session.login_with_password', '&x;', 'secret').slice(21)}`
    const reply = await ask(url, { method: 'POST', body })
    expect([reply.status, await reply.text()]).toMatchObject([500, /Xmlm\.Error/])
  })
})
