import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** Timers as browsers and Cloudflare's workerd have them: numbers, and methods of nothing but the global object. */
const timers = new Map<number, () => void>()

function browserTimers() {
  const checked = (at: unknown) => {
    if (at !== undefined && at !== globalThis) throw new TypeError('Illegal invocation')
  }
  return {
    setTimeout(this: unknown, onDue: () => void) {
      checked(this)
      timers.set(timers.size + 1, onDue)
      return timers.size
    },
    clearTimeout(this: unknown) {
      checked(this)
    },
  }
}

beforeEach(() => {
  timers.clear()
  vi.resetModules()
  for (const [name, timer] of Object.entries(browserTimers())) vi.stubGlobal(name, timer)
})
afterEach(() => vi.resetModules())

const url = 'https://things.example/1'

it('a call succeeds where timers are methods of the global object alone', async () => {
  const { resilient } = await import('../src/index.ts')
  const reply = await resilient(async () => new Response('done'))(url)
  expect(await reply.text()).toBe('done')
  expect(timers.size).toBeGreaterThan(0)
})

it('no call rests on the timer of another, which workerd ends with the request that it was set in', async () => {
  const { resilient } = await import('../src/index.ts')
  const client = resilient(() => new Promise<Response>(() => {}))
  const begin = () => void client(url, { method: 'POST', body: 'x' }).catch(() => {})
  begin()
  await expect.poll(() => timers.size).toBeGreaterThan(0)
  const ofTheFirst = timers.size
  begin()
  await expect.poll(() => timers.size).toBe(2 * ofTheFirst)
})
