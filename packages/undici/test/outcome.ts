import type { UndiciFetch } from '../src/index.ts'

/** All that can be seen of an error, without the words. */
export interface SeenError {
  readonly name: string
  readonly message: string
  readonly cause: { readonly name: string; readonly code?: unknown; readonly message: string } | undefined
}

/** All that can be seen of a request's end. */
export interface Outcome {
  readonly reply?: Readonly<Record<string, unknown>>
  readonly body?: string | SeenError
  readonly error?: SeenError
}

/** Ways to read a body. */
export const READINGS = ['text', 'arrayBuffer', 'bytes', 'blob', 'stream', 'byob', 'clone', 'json', 'formData'] as const
export type Reading = (typeof READINGS)[number]

/** Sends a request, reads its reply, and tells what came of it. */
export async function outcomeOf(
  fetch: UndiciFetch,
  input: string | URL | Request,
  init: RequestInit,
  reading: Reading,
): Promise<Outcome> {
  let reply: Response
  try {
    reply = await fetch(input, init)
  } catch (error) {
    return { error: seenError(error) }
  }
  const { status, statusText, ok, url, redirected, type } = reply
  const facts = { status, statusText, ok, url, redirected, type, hasBody: reply.body !== null }
  const head = { ...facts, headers: [...reply.headers], isReal: reply instanceof Response }
  const body = await bodyOf(reply, reading).catch(seenError)
  return { reply: { ...head, bodyUsed: reply.bodyUsed }, body }
}

async function bodyOf(reply: Response, reading: Reading): Promise<string> {
  switch (reading) {
    case 'text':
      return reply.text()
    case 'json':
      return JSON.stringify(await reply.json())
    case 'arrayBuffer':
      return hex(new Uint8Array(await reply.arrayBuffer()))
    case 'bytes':
      return hex(new Uint8Array(await reply.bytes()))
    case 'blob': {
      const blob = await reply.blob()
      return `${blob.type} ${hex(new Uint8Array(await blob.arrayBuffer()))}`
    }
    case 'formData':
      return JSON.stringify([...(await reply.formData())])
    case 'clone':
      return (await Promise.all([reply.clone().text(), reply.text()])).join('|')
    case 'stream':
      return streamed(reply)
    case 'byob':
      return byob(reply)
  }
}

async function streamed({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body ?? []) chunks.push(chunk)
  return hex(Buffer.concat(chunks))
}

async function byob({ body }: Response): Promise<string> {
  const reader = body?.getReader({ mode: 'byob' })
  const chunks: Uint8Array[] = []
  for (;;) {
    const { done, value } = (await reader?.read(new Uint8Array(100))) ?? { done: true, value: undefined }
    if (value !== undefined) chunks.push(value)
    if (done) return hex(Buffer.concat(chunks))
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** For these the built-in fetch has no word. */
const NEW_WORDS = /^(?:a redirect asks for the body once more|proxy authentication required)/

function seenError(thrown: unknown): SeenError {
  const { name, message, cause } = thrown as Error
  const inner = cause as (Error & { code?: unknown }) | undefined
  return {
    name,
    message,
    cause: inner && {
      name: inner.name,
      message: NEW_WORDS.test(inner.message) ? '' : inner.message,
      ...(inner.code !== undefined && { code: inner.code }),
    },
  }
}
