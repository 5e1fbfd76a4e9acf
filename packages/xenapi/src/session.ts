import {
  type LoginRequestInit,
  type LoginTransport,
  type Session,
  type SessionSource,
  UnusableLogin,
} from '@holdfast/core/plugin'
import { FORMATS, type PoolFormat } from './format-fallback.ts'
import { hasPlaceholder, putSession } from './placeholder.ts'
import { type Answer, readAnswer } from './wire/answer.ts'
import { type Format, writeCall } from './wire/call.ts'

/** User name and password of a XenServer account. */
export type XenApiCredentials = { readonly username: string; readonly password: string }

/** A session of a pool. */
export interface XenApiSession extends Session {
  readonly ref: string
  /** The format that its host accepts. */
  readonly format: Format
}

/** Settings of logins, in addition to the credentials. */
export interface SessionSettings {
  readonly originator: string
  readonly discoverMembers: boolean
  readonly format: PoolFormat
}

/** Milliseconds after which XAPI ends an unused session (`inactive_session_timeout` of `xapi_globs.ml`). Calls prolong it, but at most once in 10 minutes. */
const idleTimeout = 24 * 60 * 60_000

const ONCE = { resilience: { retry: false } } as const
/** Milliseconds for which a login waits for the members of its pool. */
const MEMBERS_MS = 5_000
/** Most members that are trusted: more than any pool has. */
const MOST_MEMBERS = 256

/**
 * Makes a source that logs in with a password, and writes the session in place of the placeholder.
 *
 * @param credentials called once for each login.
 */
export function sessionSource(
  { originator, discoverMembers, format: ofPool }: SessionSettings,
  credentials: () => XenApiCredentials | Promise<XenApiCredentials>,
): SessionSource<XenApiCredentials, XenApiSession> {
  return {
    shareKey: `xenapi ${originator} ${discoverMembers} ${ofPool.wanted}`,
    credentials,
    async open({ username, password }, transport) {
      const params = [username, password, '1.0', originator]
      const login = (format: Format) => ask(transport, format, 'session.login_with_password', params)
      const { format, reply } = await ofPool.send(login)
      const ref = await refIn(reply, transport.origin)
      const endpoints = discoverMembers ? await membersOf(ref, format, transport) : undefined
      return { ref, format, secrets: [ref, password], idleTimeout, ...(endpoints && { endpoints }) }
    },
    shouldSign: hasPlaceholder,
    sign(request, { ref, format }) {
      // Another client of the same state may have logged in.
      ofPool.learn(format)
      putSession(request, ref)
    },
    // Sent only once: a host that restarts forgets the session anyway.
    close: ({ ref, format }, transport) => ask(transport, format, 'session.logout', [ref], ONCE),
  }
}

function ask(
  transport: LoginTransport,
  format: Format,
  method: string,
  params: readonly unknown[],
  limits?: Pick<LoginRequestInit, 'resilience' | 'signal'>,
): Promise<Response> {
  const { path, type } = FORMATS[format]
  const body = writeCall(format, method, params)
  return transport.send(path, { method: 'POST', headers: { 'content-type': type }, body, ...limits })
}

async function refIn(reply: Response, origin: string): Promise<string> {
  const answer = readAnswer(await reply.text())
  const ref = valueIn(answer)
  if (typeof ref === 'string' && /^[\x21-\x7e]+$/.test(ref)) return ref
  throw new UnusableLogin(
    `The login at ${origin} was answered with status ${reply.status}, but without a session.`,
    'Check `url`: something else than a XenServer host answers there.',
  )
}

/** The members' addresses, best effort: the session works without them, and the user may not have the right to read them. */
async function membersOf(
  ref: string,
  format: Format,
  transport: LoginTransport,
): Promise<readonly string[] | undefined> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), MEMBERS_MS)
  try {
    return await askMembers(ref, format, transport, limit.signal)
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

async function askMembers(
  ref: string,
  format: Format,
  transport: LoginTransport,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const reply = await ask(transport, format, 'host.get_all_records', [ref], { ...ONCE, signal })
  const records = valueIn(readAnswer(await textUntil(reply, signal)))
  const addresses = Object.values(records ?? {}).flatMap(addressOf)
  return addresses.length === 0 ? undefined : addresses.slice(0, MOST_MEMBERS)
}

/** The text of a reply, which is given up when the signal aborts. */
const textUntil = ({ body }: Response, signal: AbortSignal): Promise<string> =>
  new Response(body?.pipeThrough(new TransformStream(), { signal })).text()

const valueIn = (answer: Answer | undefined): unknown => (answer?.type === 'success' ? answer.value : undefined)

function addressOf(record: unknown): string[] {
  const { address } = (record ?? {}) as { readonly address?: unknown }
  return typeof address === 'string' && address !== '' ? [address] : []
}
