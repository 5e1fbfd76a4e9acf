import { expect, it } from 'vitest'
import { fetchFrom, mockVendor, ok } from '../src/index.ts'
import { createRecorder } from '../src/simulator-kit.ts'
import { ferry, wire } from './ferry.ts'

const url = 'https://ferry.example/tickets'
const secret = 'ab"c&d e<f>'

it.each([
  ['JSON', JSON.stringify({ user: 'Ishmael', password: secret }), '{"user":"Ishmael","password":"[secret 1]"}'],
  [
    'JSON in JSON',
    JSON.stringify({ args: JSON.stringify({ password: secret }) }),
    '{"args":"{\\"password\\":\\"[secret 1]\\"}"}',
  ],
  ['a form', String(new URLSearchParams({ user: 'Ishmael', password: secret })), 'user=Ishmael&password=[secret 1]'],
  [
    'XML',
    '<user>Ishmael</user><password>ab"c&amp;d e&lt;f&gt;</password>',
    '<user>Ishmael</user><password>[secret 1]</password>',
  ],
])('the record of a call shows no secret that stands in %s, and its server sees it', async (_name, body, noted) => {
  const recorder = createRecorder()
  const { call, bodyRead } = recorder.note(new Request(url, { method: 'POST', body }))
  expect(await bodyRead).toBe(body)
  expect(call.body).toBe(noted)
})

it('a record names equal secrets alike, in headers, queries and bodies', async () => {
  const recorder = createRecorder({ secretHeaders: ['x-ticket'] })
  const first = recorder.note(new Request(`${url}?token=abc123`, { headers: { 'x-ticket': 'abc123' } }))
  const second = recorder.note(new Request(url, { method: 'POST', body: '{"token":"abc123","pin":"9876"}' }))
  await second.bodyRead
  expect(first.call).toMatchObject({
    url: `${url}?token=[secret 1]`,
    query: 'token=[secret 1]',
    headers: { 'x-ticket': '[secret 1]' },
  })
  expect(second.call.body).toBe('{"token":"[secret 1]","pin":"[secret 2]"}')
})

it('a mock hides what its vendor calls a secret, too', async () => {
  const vendor = {
    ...ferry(),
    secretsIn: ({ bodyText }: { bodyText: string | undefined }) => [bodyText?.slice(6) ?? ''],
  }
  const mock = mockVendor(vendor, { wire })
  const fetch = fetchFrom([mock.post('/tickets', ok())])
  await fetch(url, { method: 'POST', body: 'berth 7-of-9' })
  expect(mock.calls.map(({ body }) => body)).toEqual(['berth [secret 1]'])
})
