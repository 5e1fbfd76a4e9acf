import { inspect } from 'node:util'
import { type ResilienceEvent, type ResilientOptions, resilient, timeline } from '@holdfast/core'
import type { Fault } from '@holdfast/core/plugin'
import { createRecorder } from '../calls.ts'
import { faultOf } from '../fault-of.ts'
import { toResponse, type WireReply } from '../wire.ts'
import type { VendorSuiteOptions } from './options.ts'
import type { SecretReply, SecretRequest } from './secret-requests.ts'

/** Finds secrets of a request that are shown when a server repeats them, or that a redirect sends to another host. */
export async function findToldSecrets(suite: VendorSuiteOptions, request: SecretRequest): Promise<string[]> {
  const found = named('the record of calls', request, await recordOf(suite, request))
  const all = parrots(suite, request)
  for (const [at, [way, send]] of waysOf(request).entries()) {
    // The form of the body makes no difference to what a vendor reads, so a few shapes are enough.
    for (const [name, reply] of at === 0 ? all : all.slice(-1)) {
      const { shown } = await tellOf(suite, send, reply)
      found.push(...named(`${way}, answered with ${name}, is told`, request, shown))
    }
    const { hosts } = await tellOf(suite, send, { status: 307, headers: { location: 'https://elsewhere.example/' } })
    if (hosts.includes('elsewhere.example')) found.push(`${way}: a redirect leads the secrets to another host`)
  }
  const [[, given]] = waysOf(request)
  // The mode `observe` uses the same code, so some of the replies are enough.
  for (const [name, reply] of all.filter((_, at) => at % 3 === 0 || at === all.length - 1)) {
    const { shown } = await tellOf(suite, given, reply, { mode: 'observe' })
    found.push(...named(`observed, answered with ${name}, is told`, request, shown))
  }
  return found
}

/** Finds secrets of a reply that are shown if it is a failure, or breaks off. */
export async function findSecretsOfReply(suite: VendorSuiteOptions, reply: SecretReply): Promise<string[]> {
  const { request, body, statuses = [200, 400, 500] } = reply
  const [[, send]] = waysOf({ ...request, secrets: [] })
  const found: string[] = []
  for (const status of statuses) {
    for (const text of [body, body.slice(0, -1)]) {
      const answer = { status, headers: { 'content-type': 'application/json' }, body: text }
      const { shown } = await tellOf(suite, send, answer)
      found.push(...named(`with status ${status}, is told`, reply, shown))
    }
  }
  return found
}

type Way = readonly [name: string, send: Send]
type Send = (client: ReturnType<typeof resilient>) => Promise<Response>

/** The same request with its body in each form that a caller may use. */
function waysOf({ method, url, headers = {}, body }: SecretRequest): [Way, ...Way[]] {
  const given =
    (init: RequestInit): Send =>
    (client) =>
      client(url, { method, headers, ...init })
  if (body === undefined) return [['without a body', given({})]]
  return [
    ['as a text', given({ body })],
    ['as bytes', given({ body: new TextEncoder().encode(body) })],
    ['as a Request', (client) => client(new Request(url, { method, headers, body }))],
    ['as a Blob', given({ body: new Blob([body]) })],
  ]
}

/** Replies that repeat the request, in each place that a server may use. */
function parrots(suite: VendorSuiteOptions, { secrets, body = '' }: SecretRequest): (readonly [string, WireReply])[] {
  const { catalogue } = suite.vendor
  const params = [...secrets, { sent: [body] }, secrets]
  const message = `You sent ${secrets.join(' and ')} in ${body}`
  const row = catalogue.rows.find(({ kind, refines }) => kind === 'fatal' && refines === undefined)
  const faults: [string, Fault][] = [
    ['an unlisted code', { code: `EXAMPLE_${secrets[0]}`, status: 400, message, params }],
    ...(row === undefined ? [] : [[row.code, faultOf(catalogue, row, { message, params })] as [string, Fault]]),
  ]
  const written = faults.flatMap(([name, fault]) =>
    Object.entries(suite.wire).flatMap(([shape, write]) => {
      const reply = write(fault)
      return reply === undefined ? [] : [[`${name} in shape ${shape}`, reply] as const]
    }),
  )
  const page = `<html><body>${message.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</body></html>`
  return [
    ...written,
    ['a text', { status: 500, body: message }],
    ['a page', { status: 502, headers: { 'content-type': 'text/html' }, body: page }],
    ['a document', { status: 400, body: JSON.stringify({ error: { message, sent: body } }) }],
  ]
}

/** All errors and events of a request with this answer, and the hosts that were asked. Its caller signs it. */
async function tellOf(
  { vendor: { auth: _, ...vendor }, success = () => Response.json({}) }: VendorSuiteOptions,
  send: Send,
  reply: WireReply,
  options: ResilientOptions = {},
): Promise<{ readonly shown: string; readonly hosts: readonly string[] }> {
  const lines: string[] = []
  const hosts: string[] = []
  // In the mode `observe`, events come after the caller has the reply.
  const ended = Promise.withResolvers<void>()
  const observe = (event: ResilienceEvent) => {
    lines.push(inspect(event, { depth: 20 }))
    if (event.type === 'call-ended') ended.resolve()
  }
  const answer = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    hosts.push(new URL(request.url).host)
    return hosts.length === 1 ? toResponse(reply) : success(request)
  }
  const observers = [observe, timeline((line) => lines.push(line))]
  const client = resilient(answer, { vendor, retry: false, observers, ...options })
  await send(client).catch((error: unknown) => lines.push(...textsOf(error)))
  await ended.promise
  return { shown: lines.join('\n'), hosts }
}

/** Every text of an error and its causes. */
function* textsOf(error: unknown): Generator<string> {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    yield one.message
    yield String(one.stack)
    yield JSON.stringify(one)
    yield inspect({ ...one }, { depth: 20 })
  }
  if (!(error instanceof Error)) yield inspect(error, { depth: 20 })
}

async function recordOf(
  { vendor }: VendorSuiteOptions,
  { method, url, headers = {}, body }: SecretRequest,
): Promise<string> {
  const recorder = createRecorder(vendor)
  const { call, bodyRead } = recorder.note(new Request(url, { method, headers, ...(body !== undefined && { body }) }))
  await bodyRead
  return [call.url, call.query, call.body, JSON.stringify(call.headers)].join('\n')
}

/** The secrets in a text, in any spelling that a person or a program would read. */
const named = (where: string, { secrets }: Pick<SecretRequest, 'secrets'>, shown: string): string[] =>
  secrets
    .filter((secret) =>
      [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)].some((text) => shown.includes(text)),
    )
    .map((secret) => `${where}: ${secret}`)
