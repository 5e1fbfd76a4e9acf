import type { ErrorRow, Fault, Reply } from '@holdfast/core/plugin'
import { faults } from './catalogue/faults.ts'
import { gateway } from './catalogue/gateway.ts'
import { identity } from './catalogue/identity.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { isPage, sentenceOfWebob, sentenceOnPage } from './page.ts'
import { asksForToken } from './paths.ts'
import { stateCodeOf } from './states.ts'
import { serverTime } from './time.ts'
import { windowIn } from './window.ts'

/** The codes of Placement, and of Magnum and Zun (`faultcode`), that mean that there is no code. */
const noCodes: ReadonlySet<string> = new Set(['placement.undefined_code', 'client', 'server'])

/** OpenStack's fault names by status: Keystone sends only the status. */
const namesByStatus: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  406: 'notAcceptable',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  429: 'overLimit',
  500: 'computeFault',
  501: 'notImplemented',
  503: 'serviceUnavailable',
}

/** The fault name of a status, which is `computeFault` for every status without a name. */
export const nameOfStatus = (status: number): string => namesByStatus[status] ?? 'computeFault'

const rows: readonly ErrorRow[] = [...gateway, ...identity, ...faults]
// `computeFault` is used for every status without a name, so the status says more.
const names = new Set(
  faults.flatMap((row) => ('refines' in row || row.code === 'computeFault' ? [] : [row.code as string])),
)
const identityCodes = new Set<string>(identity.map(({ code }) => code))
const rowCodes = new Set<string>(rows.map(({ code }) => code))
const firstParams = new Map(rows.flatMap(({ code, params }) => (params?.[0] === undefined ? [] : [[code, params[0]]])))

/**
 * Reads the fault in a failure of a service, or of a server in front of it: its code as it is spelt, or a code of the rows in this
 * package. The wait of a throttle is a parameter, and so is the message if rows refine the code by it. The message ends with the
 * identifier of the request.
 *
 * @returns `undefined` for a success, and for a failure that its status describes completely.
 */
export function faultOf(reply: Reply): Fault | undefined {
  const { status, text } = reply
  // OpenStack's own status for a throttle, whatever the body says.
  if (status === 498) return made('overLimit', readEnvelope(text) ?? { message: sentenceOnPage(text) }, reply)
  if (status < 400 || text === '') return undefined
  // Keystone answers in JSON: any other body in reply to a login is another server's.
  const isNamed = namesByStatus[status] !== undefined && !asksForToken(reply.request)
  const sentence = isNamed ? sentenceOfWebob(reply) : undefined
  if (sentence === undefined && isPage(text)) return faultOnPage(reply)
  const envelope = sentence === undefined ? readEnvelope(text) : { status, message: sentence }
  const code = envelope && codeOf(envelope, reply)
  if (envelope === undefined || code === undefined) return undefined
  const refusal = refusalOf(code, reply)
  if (refusal === undefined) return made(code, envelope, reply)
  return made(refusal, { ...envelope, message: [code, envelope.message].filter(Boolean).join(': ') }, reply)
}

/** The fault of a refused login with an unknown code: repeating the login would lock the account. */
function refusalOf(code: string, { status, request }: Reply): string | undefined {
  if ((status !== 401 && status !== 403) || rowCodes.has(code) || !asksForToken(request)) return undefined
  return namesByStatus[status]
}

function codeOf({ code, name }: Envelope, { status, request }: Reply): string | undefined {
  // Some calls of the identity service leave out the prefix.
  if (code !== undefined && !noCodes.has(code))
    return /^\d{4}$/.test(code) && identityCodes.has(`IAM.${code}`) ? `IAM.${code}` : code
  // A login with an unknown user or project is a refusal, like one with a wrong password.
  if (status === 404 && asksForToken(request)) return 'unauthorized'
  return name !== undefined && names.has(name) ? name : namesByStatus[status]
}

/** The fault in a load balancer's own page. */
function faultOnPage(reply: Reply): Fault | undefined {
  const { status, text } = reply
  if (status < 502 || status > 504) return undefined
  return made(`BALANCER_${status}`, { message: sentenceOnPage(text) }, reply)
}

function made(code: string, envelope: Envelope, { status, headers, request }: Reply): Fault {
  const { message, title, retryAfter, requestId } = envelope
  const sentence = message ?? title ?? ''
  const param = firstParams.get(code)
  const window = isAnswered(headers) ? undefined : windowIn(sentence)
  const first = param === 'message' ? sentence : param === 'window' ? window : undefined
  const wait = retryAfter || (status === 429 && param !== 'window' && window ? window * 1_000 : undefined)
  const state = code === 'badRequest' || code === 'conflictingRequest' ? stateCodeOf(sentence, request) : undefined
  const id = requestIdOf(headers, requestId)
  const shown = [sentence, id === undefined ? '' : `(request id ${id})`].filter((part) => part !== '').join(' ')
  return {
    code,
    status,
    ...(state !== undefined && { details: [state] }),
    ...(shown !== '' && { message: shown }),
    ...(first !== undefined && { params: [first] }),
    ...(wait !== undefined && { retryAfter: wait }),
  }
}

/** True if a header says how long to wait: then the window in the message, which may be a day, is not the wait. */
function isAnswered(headers: Headers): boolean {
  const value = headers.get('retry-after')?.trim() ?? ''
  if (!value.endsWith(' GMT')) return /^[1-9]\d{0,12}$/.test(value)
  // By the server's `Date` header if there is one: our clock may be minutes off.
  return Date.parse(value) > serverTime(headers)
}

const idHeaders = ['x-openstack-request-id', 'x-request-id', 'x-compute-request-id']

function requestIdOf(headers: Headers, inBody: string | undefined): string | undefined {
  const ids = [...idHeaders.map((name) => headers.get(name)), inBody]
  return ids.find((id): id is string => id != null && /^[\w.:-]{1,128}$/.test(id))
}

/**
 * True if the service itself says that what was asked for does not exist. Any other 404 may come from a server in front of it, and
 * be about the service.
 */
export const isNotFound = ({
  status,
  code,
}: {
  readonly status?: number | undefined
  readonly code?: string | undefined
}): boolean => status === 404 && code !== undefined && !/^(?:HTTP_|APIGW?\.)/.test(code)

/** The fault for a 401 with an unknown code: a token may end early, and only a new one shows if it has. */
export const refusalWith = ({ code, message, ...rest }: Fault): Fault => ({
  ...rest,
  code: 'unauthorized',
  details: [code],
  message: [code, message].filter(Boolean).join(': '),
})
