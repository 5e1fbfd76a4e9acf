import { HttpResponse, http } from 'msw'
import { expect, it } from 'vitest'
import { drop, fetchFrom, hang, mockVendor, ok } from '../src/index.ts'
import { ferry, wire } from './ferry.ts'

const url = 'https://ferry.example'
const line = mockVendor(ferry(), { wire })

it('answers from handlers, whatever fetch was given', async () => {
  const echo = http.post(`${url}/echo`, async ({ request }) => HttpResponse.text(await request.text()))
  const ask = fetchFrom([echo, line.get('/piers', ok(['north']))])
  const answer = await ask(new Request(`${url}/echo`, { method: 'POST', body: 'hello' }))
  expect([answer.url, await answer.text()]).toEqual([`${url}/echo`, 'hello'])
  expect(await (await ask(new URL('/piers', url))).json()).toEqual(['north'])
})

it('rejects as Node’s fetch does when the connection is dropped', async () => {
  const ask = fetchFrom([line.get('/piers', drop())])
  const error: unknown = await ask(`${url}/piers`).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'TypeError', message: 'fetch failed', cause: { code: 'UND_ERR_SOCKET' } })
})

it('says which request no handler takes', async () => {
  await expect(fetchFrom([])(`${url}/piers`)).rejects.toThrow(`No handler takes GET ${url}/piers.`)
})

it('rejects with the caller’s own reason, before and during the call', async () => {
  const caller = new AbortController()
  const ask = fetchFrom([line.get('/piers', hang())])
  const answer = ask(`${url}/piers`, { signal: caller.signal })
  caller.abort('enough')
  await expect(answer).rejects.toBe('enough')
  await expect(ask(`${url}/piers`, { signal: caller.signal })).rejects.toBe('enough')
})
