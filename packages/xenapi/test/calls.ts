import type { Fetch } from '@holdfast/core'
import { vi } from 'vitest'
import { createXenApi, type XenApiClientOptions } from '../src/client.ts'
import { sessionPlaceholder } from '../src/index.ts'

export const one = 'https://xen-1.example'
export const two = 'https://xen-2.example'
export const username = 'root'
export const password = 'x<&"hunter2'

/** How calls are written in a test. */
export type Format = 'json' | 'xml'
export const formats: readonly Format[] = ['json', 'xml']

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A body as a person may write it: with spaces, and numbers that no reader of JSON keeps. */
export function bodyOf(format: Format, method: string, session: string, ...params: readonly string[]): string {
  if (format === 'json') {
    const texts = [session, ...params].map((text) => JSON.stringify(text)).join(' , ')
    return `{ "method":"${method}", "params":[${texts}],\n "jsonrpc":"2.0", "id" : 12345678901234567890 }`
  }
  const texts = [session, ...params].map((text) => `<param><value><string>${escaped(text)}</string></value></param>`)
  return `<?xml version='1.0'?>\n<methodCall> <methodName>${method}</methodName><params>${texts.join('\n')}</params></methodCall>\n`
}

/** What a call is sent with. */
export const callOf = (format: Format, method: string, ...params: readonly string[]): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': format === 'json' ? 'application/json' : 'text/xml' },
  body: bodyOf(format, method, sessionPlaceholder, ...params),
})

export const urlOf = (format: Format, origin = one): string => origin + (format === 'json' ? '/jsonrpc' : '/')

/** A fetch to which some hosts are not to be reached. */
export const reaching =
  (down: ReadonlySet<string>): Fetch =>
  (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input)
    if (!down.has(origin)) return fetch(input, init)
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
    return Promise.reject(new TypeError('fetch failed', { cause }))
  }

/** Retries after a millisecond. */
export const quick = { backoff: { fast: { base: 1, limit: 1 }, slow: { base: 1, limit: 1 } } }

/** A client of the pool, whose retries are quick. */
export const xenOf = (options: Partial<XenApiClientOptions> = {}) =>
  createXenApi({ url: one, username, password, retry: quick, ...options } as XenApiClientOptions)

/** What a call rejects with. */
export const failureOfCall = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => {
      throw new Error(`It succeeded: ${String(value)}`)
    },
    (error: unknown) => error,
  )

export const times = <T>(number: number, make: (at: number) => T): T[] =>
  Array.from({ length: number }, (_, at) => make(at))

/** Lets fake time go by, a tenth of a second a turn of the real event loop, until a promise has settled. */
export async function played<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false
  const settled = promise.finally(() => {
    isSettled = true
  })
  settled.catch(() => {})
  while (!isSettled) {
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(100)
  }
  return settled
}
