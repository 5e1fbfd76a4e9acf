/** The stories that every runtime plays, from the packed packages: against `server.ts`, at the origin that it is given. */
import { isVendorError, type ResilientOptions, resilient } from '@holdfast/core'
import { vsphere } from '@holdfast/vsphere'

/** One story and its end. */
export interface Played {
  readonly story: string
  /** The reason why it failed; absent for one that went well. */
  readonly failure?: string
}

const quick: ResilientOptions = { retry: { backoff: { fast: { base: 1, limit: 2 }, slow: { base: 1, limit: 2 } } } }

/** The server's account of what has reached it. */
interface Counts {
  readonly late: number
  readonly gone: number
  readonly logins: number
  readonly sessions: number
}

const countsOf = async (origin: string): Promise<Counts> => (await (await fetch(`${origin}/counts`)).json()) as Counts

const stories: Readonly<Record<string, (origin: string) => Promise<void>>> = {
  async success(origin) {
    const reply = await resilient(fetch)(`${origin}/plain`)
    same(await reply.json(), { ok: true })
  },

  async 'a 204'(origin) {
    const { signal } = new AbortController()
    const reply = await resilient(fetch)(`${origin}/gone`, { method: 'DELETE', signal })
    same([reply.status, await reply.text(), (await countsOf(origin)).gone], [204, '', 1])
  },

  async retry(origin) {
    const reply = await resilient(fetch, quick)(`${origin}/busy`)
    same(await reply.json(), { tries: 3 })
  },

  async 'unknown outcome'(origin) {
    const client = resilient(fetch, { ...quick, timeout: 200 })
    await givesUp(client(`${origin}/late`, { method: 'POST', body: 'order' }))
    same((await countsOf(origin)).late, 1)
  },

  // Here the server's count says nothing: Chromium repeats requests that it sent on a connection that it had kept open.
  async 'lost connection'(origin) {
    await givesUp(resilient(fetch, quick)(`${origin}/lost`, { method: 'POST', body: 'order' }))
  },

  async abort(origin) {
    const [before, during] = [new AbortController(), new AbortController()]
    const enough = new Error('enough')
    const hanging = rejection(resilient(fetch)(`${origin}/hang`, { signal: before.signal }))
    before.abort(enough)
    same(await hanging, enough)
    const reply = await resilient(fetch)(`${origin}/stream`, { signal: during.signal })
    const reader = readerOf(reply)
    await reader.read()
    during.abort(enough)
    same(await rejection(reader.read()), enough)
  },

  async streaming(origin) {
    const client = resilient(fetch, { bodyTimeout: 60_000 })
    const reader = readerOf(await client(`${origin}/stream`))
    const decoder = new TextDecoder()
    let text = decoder.decode((await reader.read()).value, { stream: true })
    same(text, 'first,')
    await client(`${origin}/stream/go`, { method: 'POST' })
    for (let step = await reader.read(); !step.done; step = await reader.read())
      text += decoder.decode(step.value, { stream: true })
    same(text, 'first,last')
  },

  async login(origin) {
    const vendor = vsphere({ url: origin, username: 'administrator@vsphere.local', password: 'secret' })
    const client = resilient(fetch, { vendor })
    const replies = await Promise.all([1, 2, 3].map(() => client(`${origin}/api/vcenter/vm`)))
    same(await Promise.all(replies.map(async (reply) => ((await reply.json()) as unknown[]).length)), [3, 3, 3])
    const { logins, sessions } = await countsOf(origin)
    await client.close()
    same([logins, sessions, (await countsOf(origin)).sessions], [1, 1, 0])
  },

  async 'replaced fetch'(origin) {
    const client = resilient(fetch)
    const real = globalThis.fetch
    globalThis.fetch = async () => Response.json('mocked')
    try {
      same(await (await client(`${origin}/plain`)).json(), 'mocked')
    } finally {
      globalThis.fetch = real
    }
  },
}

/** Plays every story, one after the other. */
export async function play(origin: string): Promise<readonly Played[]> {
  const played: Played[] = []
  for (const [story, tell] of Object.entries(stories)) {
    const failure = await tell(origin).then(
      () => undefined,
      (error: unknown) => String((error as Error)?.stack ?? error),
    )
    played.push({ story, ...(failure !== undefined && { failure }) })
  }
  return played
}

async function givesUp(call: Promise<Response>): Promise<void> {
  const error = await rejection(call)
  if (!isVendorError(error)) throw error
  same([error.reason, error.mayBeDone, error.attempts.length], ['not-repeatable', true, 1])
}

function readerOf({ body }: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (body === null) throw new Error('The reply has no body.')
  return body.getReader()
}

function same(actual: unknown, expected: unknown): void {
  if (actual === expected || JSON.stringify(actual) === JSON.stringify(expected)) return
  throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual) ?? String(actual)}`)
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => new Error(`expected a rejection, got ${String(value)}`),
    (error: unknown) => error,
  )
