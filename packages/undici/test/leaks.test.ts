import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Agent } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { undiciFetch } from '../src/index.ts'
import { closedPort, ScriptedServer } from './server.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const server = new ScriptedServer()
beforeAll(() => server.listen())
afterAll(() => server.close())

it('uses a connection again after every reply that was read, or has no body', async () => {
  const agent = new Agent()
  const fetch = undiciFetch({ dispatcher: agent })
  const before = server.connections
  server.onPath = (_, response) => void response.writeHead(302, { location: server.url({}) }).end('moved')
  for (let at = 0; at < 10; at++) {
    await (await fetch(server.url({ text: 'a' }))).text()
    await fetch(server.url({ status: 204 }))
    await (await fetch(`${server.origin}/moved`)).text()
    for await (const _ of (await fetch(server.url({ text: 'c', codings: ['gzip', 'br'] }))).body ?? []) void _
  }
  // The next request may come before the connection knows that it is free.
  expect(server.connections - before).toBeLessThanOrEqual(2)
  await agent.close()
})

it('reads no more than it must of a redirect with an endless body', async () => {
  const agent = new Agent()
  const fetch = undiciFetch({ dispatcher: agent })
  const endless = { status: 302, text: 'm', times: 9_000_000, next: { text: 'b' }, nextAt: 'same' } as const
  expect(await (await fetch(server.url(endless))).text()).toBe('b')
  await agent.close()
})

it('lets go of the signal once a reply has come, even if nobody reads it', async () => {
  const fetch = undiciFetch()
  const { signal } = new AbortController()
  const replies = [
    await fetch(server.url({ text: 'a' }), { signal }),
    await fetch(server.url({ status: 204 }), { signal }),
  ]
  await fetch(`http://127.0.0.1:${await closedPort()}/`, { signal }).catch(() => {})
  await expect.poll(() => getEventListeners(signal, 'abort')).toEqual([])
  expect(await Promise.all(replies.map((reply) => reply.text()))).toEqual(['a', ''])
})

it('makes a server wait while nobody reads', async () => {
  let sent = 0
  server.onPath = (_, response) => {
    response.writeHead(200)
    const write = () => {
      while (sent < 200_000_000 && response.write(Buffer.alloc(65_536))) sent += 65_536
    }
    response.on('drain', write)
    write()
  }
  const reply = await undiciFetch()(`${server.origin}/long`)
  const reader = reply.body?.getReader()
  await reader?.read()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(sent).toBeLessThan(100_000_000)
  await reader?.cancel()
})

it.each(['the reply', 'the stream'])('frees the connection of a body when nobody keeps %s', async (kept) => {
  const gone: Promise<unknown>[] = []
  server.onPath = (_, response) => {
    gone.push(new Promise((resolve) => response.on('close', resolve)))
    response.writeHead(200).write('x')
  }
  const agent = new Agent()
  const fetch = undiciFetch({ dispatcher: agent })
  const forget = async () => {
    const reply = await fetch(`${server.origin}/open`)
    if (kept === 'the stream') expect(reply.body).not.toBeNull()
  }
  await forget()
  const end = Promise.all(gone)
  let isOver = false
  void end.then(() => {
    isOver = true
  })
  await expect
    .poll(() => {
      collect()
      return isOver
    })
    .toBe(true)
  await agent.close()
})

it('keeps the connection of a body whose reader is kept, and of one that is being read', async () => {
  server.onPath = (_, response) => {
    response.writeHead(200).write('x')
    server.onPath = (_, second) => {
      response.end('y')
      second.end()
    }
  }
  const fetch = undiciFetch()
  const reader = (await fetch(`${server.origin}/slow`)).body?.getReader()
  await reader?.read()
  for (let at = 0; at < 5; at++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await fetch(`${server.origin}/end`)
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('y')
})
