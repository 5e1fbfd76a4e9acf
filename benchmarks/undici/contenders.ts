import { resilient } from '@holdfast/core'
import { undiciFetch } from '@holdfast/undici'

/** One way to do the same requests. */
export interface Contender {
  readonly name: string
  /** Does one request and reads its reply. */
  readonly call: () => Promise<unknown>
  /** The goal for the ratio. */
  readonly goal?: number
  readonly close?: () => Promise<unknown>
}

type Fetch = typeof globalThis.fetch

/** The baseline. */
export const raw = 'fetch'

/** Everybody's way, for a request that a `fetch` is handed and a way of reading its reply. */
export async function contendersAt(
  url: string,
  init: RequestInit,
  read: (reply: Response) => Promise<unknown>,
): Promise<Contender[]> {
  // Imported only now, because undici replaces the built-in agent with its own.
  const { Agent, request } = await import('undici')
  const agent = new Agent()
  const ours = undiciFetch()
  const own = undiciFetch({ dispatcher: agent })
  const by = (fetch: Fetch) => async () => read(await fetch(url, init))
  const client = (fetch: Fetch) => {
    const made = resilient(fetch)
    return { call: async () => read(await made(url, init)), close: () => made.close() }
  }
  const { method = 'GET', body } = init
  return [
    { name: raw, call: by(fetch) },
    { name: 'fetch again (control)', call: by(fetch) },
    {
      name: 'undici.request, own agent',
      call: async () => (await request(url, { method, body: body as string, dispatcher: agent })).body.json(),
    },
    { name: 'undiciFetch', call: by(ours as Fetch) },
    { name: 'undiciFetch, own agent', call: by(own as Fetch) },
    { name: 'resilient(fetch)', ...client(fetch) },
    { name: 'resilient(undiciFetch)', goal: 0.65, ...client(ours as Fetch) },
    { name: 'resilient(undiciFetch), own agent', ...client(own as Fetch), close: () => agent.close() },
  ]
}
