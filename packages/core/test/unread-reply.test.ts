import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { insideAttempt, resilient } from '../src/index.ts'
import { stubFetch } from './helpers/stub-fetch.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

async function expectFreed(): Promise<void> {
  const { signal } = new AbortController()
  const freed: string[] = []
  const endless = (name: string) => new ReadableStream({ cancel: () => void freed.push(name) })
  const { fetch } = stubFetch(({ url }) => new Response(endless(url.slice(-1))))
  const left = vi.spyOn(signal, 'removeEventListener')
  await resilient(fetch)('https://api.example/a', { signal })
  await resilient(fetch, { bodyTimeout: 60_000 })('https://api.example/b')
  // What a weak reference leads to is held until a turn of the event loop ends.
  for (let turn = 0; turn < 50 && freed.length < 2; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  expect(freed.sort()).toEqual(['a', 'b'])
  expect(left).toHaveBeenCalled()
}

describe('an unread reply is free, like fetch’s own, as soon as nobody has it any more', () => {
  it('by default', expectFreed)

  // Node.js 22 has every promise that was made inside an attempt keep what is known of that attempt.
  it('where attempts are known beyond an await', async () => {
    expect(insideAttempt()).toBe(false)
    await expectFreed()
  })
})
