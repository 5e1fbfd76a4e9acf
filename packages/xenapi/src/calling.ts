import { bodyOf } from './body.ts'
import type { Called, Judge } from './judging.ts'
import { isRead, takesSession } from './methods.ts'
import { sessionPlaceholder } from './placeholder.ts'
import { textOf } from './reading.ts'
import { limitsOf } from './requests.ts'
import { speak, speaking } from './speaking.ts'
import { readAnswer } from './wire/answer.ts'
import type { Format } from './wire/call.ts'
import { UNKNOWN } from './wire/rpc-answer.ts'

/** What may be said of a call and of all calls, as far as it is heeded here. */
export interface Wishes {
  readonly retry?: { readonly limit?: number } | number | false
  readonly timeout?: number | false
  readonly totalTimeout?: number | false
  readonly idempotent?: boolean
  readonly mode?: string
}

/** What is said of one call: what concerns the engine goes on to it. */
export type Given = Wishes & { readonly signal?: AbortSignal }

/** What calling takes. */
export interface CallingTools {
  readonly client: (url: string, init: RequestInit & { readonly resilience: Wishes }) => Promise<Response>
  readonly judge: Judge
  /** The code of the network's error that something is, if it is one. */
  explain(error: Error): Promise<string | undefined>
  readonly home: string
  readonly format: 'json' | 'xml' | 'auto'
  /** What holds for every call that says nothing else. */
  readonly usual: Wishes
}

/** Calls a method with its parameters but the session, and gives its value. */
export type Caller = (method: string, params: readonly unknown[], given: Given) => Promise<unknown>

// What core gives a call of which nobody says anything.
const USUAL = { timeout: 30_000, totalTimeout: 300_000 }

/**
 * Makes calls, and sees their answers through to the last byte: the engine lets go of a success as soon as it knows one.
 * An answer that cannot be read is asked for once more, where the call only reads.
 */
export function calling(tools: CallingTools): Caller {
  const { client, home, format: wanted, usual } = tools
  let isOld = wanted === 'xml'

  return async (method, params, { signal, ...given }) => {
    const all = takesSession(method) ? [sessionPlaceholder, ...params] : params
    const wishes = { ...usual, ...given }
    const limits = timesOf(method, all, wishes)
    const until = performance.now() + limits.totalTimeout

    const send = (resilience: Wishes) => (format: Format) => {
      const { path, type } = speaking[format]
      const headers = { 'content-type': type }
      const body = bodyOf(format, method, all)
      return client(home + path, { method: 'POST', headers, body, ...(signal && { signal }), resilience })
    }
    const ask = async (resilience: Wishes): Promise<Asked> => {
      const once = send(resilience)
      const spoken =
        wanted === 'json' ? { format: undefined, reply: await once('json-rpc-2.0') } : await speak(once, isOld)
      if (spoken.format === 'xml-rpc') isOld = true
      return answerIn(spoken.reply, Math.min(limits.timeout, until - performance.now()), signal)
    }

    let asked = await ask(given)
    const left = until - performance.now()
    if (asked.type === 'unread' && left > 0 && mayRepeat(method, wishes)) {
      asked = await ask(left === Number.POSITIVE_INFINITY ? given : { ...given, totalTimeout: left })
    }
    if (asked.type === 'value') return asked.value
    throw await errorOf(tools, { method, params: all }, asked)
  }
}

/** What a reply that was no failure by its beginning came to. */
type Asked = { readonly type: 'value'; readonly value: unknown } | Unread

interface Unread {
  readonly type: 'unread'
  readonly text: string
  readonly broken?: Error
}

/** @throws the signal's reason. */
async function answerIn(reply: Response, ms: number, signal: AbortSignal | undefined): Promise<Asked> {
  try {
    const text = await textOf(reply, ms, signal)
    const answer = readAnswer(text)
    return answer?.type === 'success' ? { type: 'value', value: answer.value } : { type: 'unread', text }
  } catch (thrown) {
    if (signal?.aborted) throw signal.reason
    return { type: 'unread', text: '', broken: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }
}

async function errorOf({ judge, explain }: CallingTools, call: Called, { text, broken }: Unread): Promise<unknown> {
  const about = `The answer to ${call.method}`
  if (broken === undefined) {
    return judge(call, { code: UNKNOWN, message: `${about} cannot be read.` }, { text, asListed: true })
  }
  const code = (await explain(broken)) ?? 'NETWORK_ERROR'
  return judge(call, { code, message: `${about} broke off: ${broken.message}` }, { asListed: true })
}

/** Reads, and what their caller says may be repeated, unless nothing is to be. */
function mayRepeat(method: string, { retry, idempotent, mode }: Wishes): boolean {
  const limit = typeof retry === 'object' ? retry.limit : retry
  return (idempotent ?? isRead(method)) && limit !== false && limit !== 0 && mode !== 'observe'
}

function timesOf(method: string, all: readonly unknown[], wishes: Wishes) {
  const usual = limitsOf({ method, params: () => all })
  const timeout = orForEver(wishes.timeout ?? usual?.timeout ?? USUAL.timeout)
  const longest = Math.max(USUAL.totalTimeout, Number.isFinite(timeout) ? timeout : 0)
  return { timeout, totalTimeout: orForEver(wishes.totalTimeout ?? usual?.totalTimeout ?? longest) }
}

const orForEver = (ms: number | false): number => (ms === false ? Number.POSITIVE_INFINITY : ms)
