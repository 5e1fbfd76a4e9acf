import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { insideAttempt, isRefused, isVendorError, type ResilientFetch, resilient } from '../src/index.ts'
import { withWork } from '../src/work/index.ts'
import { Workshop, workshop, workshopOrigin, workshopWork } from './helpers/workshop.ts'

setFlagsFromString('--expose-gc')
const url = 'https://api.example/things'
const collect = runInNewContext('gc') as () => void

async function expectLetGo(): Promise<void> {
  const sent: WeakRef<Request>[] = []
  const answer = async () => new Response('{"error":"no"}', { status: 400 })
  const ask = () => {
    const request = new Request('https://api.example/things', { method: 'POST', body: 'a'.repeat(100_000) })
    sent.push(new WeakRef(request))
    return resilient(answer)(request).catch((error: unknown) => error)
  }
  const error = await ask()
  // Until its stack is read for the first time, V8 keeps for an error whatever its frames were called on.
  if (isVendorError(error)) String(error.stack)
  // What a weak reference leads to is held until a turn of the event loop ends.
  for (let turn = 0; turn < 50 && sent[0]?.deref() !== undefined; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  expect(sent[0]?.deref()).toBeUndefined()
  expect(await (isVendorError(error) ? error.response?.text() : error)).toBe('{"error":"no"}')
}

describe('an error that is kept has the reply, and does not keep the request with its body', () => {
  it('by default', expectLetGo)

  it('where attempts are known beyond an await', async () => {
    expect(insideAttempt()).toBe(false)
    await expectLetGo()
  })
})

it.each([
  ['is refused by its service', () => new Response('no', { status: 400 })],
  ['gets no answer', () => Promise.reject(new TypeError('fetch failed', { cause: new Error('socket hang up') }))],
  ['meets an error that is no failure of the network', () => Promise.reject(new Error('no such file'))],
])('the error of a call that %s does not keep its body, though nobody reads its stack', async (_, answer) => {
  const sent: WeakRef<object>[] = []
  const client = resilient(
    async (_input, init) => {
      sent.push(new WeakRef(init?.body as Uint8Array<ArrayBuffer>))
      return answer()
    },
    { retry: 0 },
  )
  const ask = () => client('https://api.example/things', { method: 'POST', body: new Uint8Array(100_000) })
  const error = await ask().catch((thrown: unknown) => thrown)
  for (let turn = 0; turn < 50 && sent[0]?.deref() !== undefined; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  expect(sent.map((body) => body.deref())).toEqual([undefined])
  expect(error).toBeInstanceOf(Error)
})

it('a refusal that is kept does not keep the body of its call, and can name it all the same', async () => {
  const client = resilient(async () => new Response('fine'))
  await client.close()
  const sent: WeakRef<Blob>[] = []
  const ask = () => {
    const body = new Blob(['a'.repeat(100_000)])
    sent.push(new WeakRef(body))
    return client('https://api.example/things', { method: 'POST', body, resilience: { label: 'mine' } })
  }
  const error = await ask().catch((thrown: unknown) => thrown)
  for (let turn = 0; turn < 50 && sent[0]?.deref() !== undefined; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  expect(sent.map((body) => body.deref())).toEqual([undefined])
  expect(isRefused(error) && [error.operation, error.label]).toEqual(['POST', 'mine'])
})

it.each<[string, (reply: Response) => Promise<unknown>, (body: Blob) => Parameters<ResilientFetch>]>([
  ['is unread', async () => {}, (body) => [url, { method: 'POST', body }]],
  ['was read', (reply) => reply.text(), (body) => [url, { method: 'POST', body }]],
  ['was read, of a `Request`', (reply) => reply.text(), (body) => [new Request(url, { method: 'POST', body })]],
])('a reply that is kept does not keep the body of its call: one that %s', async (_, use, given) => {
  const { signal } = new AbortController()
  const sent: WeakRef<object>[] = []
  const ask = () => {
    const [input, init] = given(new Blob(['a'.repeat(100_000)]))
    sent.push(new WeakRef(init?.body instanceof Blob ? init.body : Object(input)))
    return resilient(async () => new Response('fine'))(input, { ...init, signal })
  }
  const reply = await ask()
  await use(reply)
  for (let turn = 0; turn < 50 && sent[0]?.deref() !== undefined; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  expect(sent.map((body) => body.deref())).toEqual([undefined])
  expect(reply.status).toBe(200)
})

it('work that has ended does not keep the body of its start', async () => {
  const shop = new Workshop()
  const client = withWork(resilient(shop.fetch, { vendor: workshop() }), workshopWork)
  const sent: WeakRef<Blob>[] = []
  const begin = () => {
    const body = new Blob(['a'.repeat(100_000)])
    sent.push(new WeakRef(body))
    return client.start(`${workshopOrigin}/walls`, { method: 'POST', body })
  }
  const work = await begin()
  Object.assign(shop.jobs.get(work.id) ?? {}, { status: 'succeeded', result: 7 })
  expect(await work.result).toBe(7)
  for (let turn = 0; turn < 50 && sent[0]?.deref() !== undefined; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  expect(sent.map((body) => body.deref())).toEqual([undefined])
  expect(work.state).toEqual({ status: 'succeeded', progress: 1, result: 7 })
})
