import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { played } from './helpers/play.ts'
import { fineAfter } from './helpers/sniffs.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
})

/** A body that gives a chunk every so many milliseconds, then ends or falls silent. */
function trickling(chunks: number, every: number, ends: boolean) {
  const state = { cancelled: undefined as unknown }
  let given = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        new Promise((resolve) => {
          if (given === chunks && !ends) return
          setTimeout(() => {
            if (given++ === chunks) controller.close()
            else controller.enqueue(new TextEncoder().encode('drop '))
            resolve()
          }, every)
        }),
      cancel: (reason) => {
        state.cancelled = reason
      },
    },
    { highWaterMark: 0 },
  )
  return { body, state }
}

const got = async (body: BodyInit, options: ResilientOptions) =>
  played(resilient(stubFetch(reply(200, body)).fetch, { retry: false, ...options })(url))

describe('the idle limit of a body', () => {
  it('ends a body that falls silent with an error, never as if it were complete', async () => {
    const { body, state } = trickling(3, 100, false)
    const response = await got(body, { bodyTimeout: 1_000 })
    await expect(played(response.text())).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(performance.now()).toBe(1_300)
    expect(state.cancelled).toMatchObject({ name: 'TimeoutError' })
  })

  it('begins anew with each chunk, however long the whole takes', async () => {
    const { body } = trickling(50, 900, true)
    const response = await got(body, { bodyTimeout: 1_000, timeout: 2_000, totalTimeout: 3_000 })
    expect(await played(response.text())).toBe('drop '.repeat(50))
    expect(performance.now()).toBe(51 * 900)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('counts the server’s silence, not the reader’s', async () => {
    const { body } = trickling(2, 100, true)
    const response = await got(body, { bodyTimeout: 1_000 })
    const reader = response.body?.getReader()
    for (const expected of ['drop ', 'drop ', undefined]) {
      const read = reader?.read()
      await vi.advanceTimersByTimeAsync(100)
      const value = (await read)?.value
      expect(value && new TextDecoder().decode(value)).toBe(expected)
      await vi.advanceTimersByTimeAsync(60_000)
    }
  })

  it('holds for what comes after the head that we read', async () => {
    const { body } = trickling(1, 10, false)
    const vendor = depot({ bodyNeed: () => fineAfter(4_096) })
    const response = await got(body, { vendor, bodyTimeout: 1_000, timeout: 50 }).catch((error: unknown) => error)
    // Less than a head came before the attempt's own time was up.
    expect(response).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
    const long = trickling(2_000, 0, false)
    const passed = await got(long.body, { vendor, bodyTimeout: 1_000 })
    await expect(played(passed.text())).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('is off unless asked for', async () => {
    const { body, state } = trickling(1, 100, false)
    const response = await got(body, {})
    const text = response.text()
    text.catch(() => {})
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(state.cancelled).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })
})
