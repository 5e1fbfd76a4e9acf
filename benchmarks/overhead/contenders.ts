import { resilient } from '@holdfast/core'
import { kyOptions } from '@holdfast/core/ky'
import { vsphere } from '@holdfast/vsphere'
import {
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  SamplingBreaker,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import ky from 'ky'
import { cockatiel, type Fetch, naive } from '../src/contenders.ts'
import { headers, session } from '../src/reply.ts'

/** A way to make one call that succeeds. */
export interface Contender {
  readonly name: string
  call(): Promise<unknown>
}

export const url = 'https://service.example/api/vcenter/vm'
/** The stub alone, whose time is subtracted from that of each contender. */
export const stubAlone = 'stub alone'

/**
 * All contenders over a `fetch` that resolves with one prebuilt reply. The reply has no body, because a body that is passed on
 * through a stream could serve only one call.
 */
export async function contenders(): Promise<readonly Contender[]> {
  const stub = stubOf()
  const throughKy = ky.create({ fetch: stub })
  return [
    { name: stubAlone, call: () => stub(url) },
    { name: 'bare async wrapper', call: async () => await stub(url) },
    { name: 'bare wrapper with controller and timer', call: () => limited(stub) },
    { name: 'p-retry in opossum', call: naive(stub, url).get },
    { name: 'cockatiel', call: cockatiel(stub, url).get },
    { name: 'cockatiel with time-out', call: cockatielWithTimeout(stub) },
    { name: 'ky', call: () => throughKy.get(url) },
    ...(await ours(stub)),
  ]
}

/** Only Holdfast's. */
export const ownContenders = (): Promise<readonly Contender[]> => ours(stubOf())

async function ours(stub: Fetch): Promise<readonly Contender[]> {
  const unlimited = resilient(stub, { timeout: false, totalTimeout: false })
  const defaults = resilient(stub)
  const observed = resilient(stub, { observers: [() => {}] })
  const vendor = vsphere({ url: new URL(url).origin, username: 'reader', password: 'secret' })
  const vcenter = resilient(stub, { vendor })
  const underKy = ky.create(kyOptions(resilient(stub)))
  const { signal } = new AbortController()
  const body = JSON.stringify({ name: 'vm-101' })
  // The login happens here: measured is a call with a live session.
  await vcenter(url)
  return [
    { name: 'no limits', call: () => unlimited(url) },
    { name: 'defaults', call: () => defaults(url) },
    { name: "caller's signal", call: () => defaults(url, { signal }) },
    { name: 'JSON POST', call: () => defaults(url, { method: 'POST', headers, body }) },
    { name: 'one observer', call: () => observed(url) },
    { name: 'vSphere session', call: () => vcenter(url) },
    { name: 'under ky', call: () => underKy.get(url) },
  ].map(({ name, call }) => ({ name: `holdfast, ${name}`, call }))
}

function stubOf(): Fetch {
  const reply = new Response(null, { headers })
  const login = () => new Response(session, { status: 201, headers })
  return async (input) => (String(input).endsWith('/api/session') ? login() : reply)
}

async function limited(stub: Fetch): Promise<Response> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), 30_000)
  try {
    return await stub(url, { signal: controller.signal })
  } finally {
    clearTimeout(timer)
  }
}

function cockatielWithTimeout(stub: Fetch): () => Promise<Response> {
  const policy = wrap(
    retry(handleAll, { maxAttempts: 4, backoff: new ExponentialBackoff() }),
    circuitBreaker(handleAll, {
      halfOpenAfter: 5_000,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000 }),
    }),
    timeout(30_000, TimeoutStrategy.Aggressive),
  )
  return () => policy.execute(({ signal }) => stub(url, { signal }))
}
