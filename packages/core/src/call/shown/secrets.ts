import type { RequestFacts } from '../../contract/request.ts'
import type { Session } from '../../contract/session.ts'
import type { Vendor } from '../../contract/vendor.ts'
import type { ReplayableRequest } from '../../request/replayable-request.ts'
import { secretsOfHeaders } from '../../secrets/credentials-in-headers.ts'
import { namedSecrets, secretsInBody } from '../../secrets/named-secrets.ts'
import { secretsOfAddress } from '../../secrets/secrets-in-text.ts'

/** The parts of a vendor that name secrets. */
type Knowing = Pick<Vendor, 'secretHeaders' | 'secretsIn'>

/** Every secret of a call: those that were kept for it, and those in the URL, headers and body of its request. */
export function secretsOf(
  { headers, facts, body }: Pick<ReplayableRequest, 'headers' | 'facts' | 'body'>,
  vendor: Knowing | undefined,
  kept: readonly (readonly string[] | undefined)[],
): readonly string[] {
  return [
    ...kept.flatMap((secrets) => secrets ?? []),
    ...secretsOfHeaders(headers, vendor?.secretHeaders),
    ...secretsOfAddress(facts.url),
    ...secretsOfBody(body, facts, vendor),
  ]
}

/** The parts of a call that contain its secrets. */
interface SecretCall {
  readonly request: ReplayableRequest
  readonly engine: { readonly vendor: Vendor | undefined }
  readonly destination: { readonly sessions: { secrets(): readonly string[] } | undefined }
  readonly internal: { secrets(): readonly string[] } | undefined
  readonly signed: Signed | undefined
  readonly history: { readonly formerSecrets: readonly string[]; readonly formerSigned: readonly Signed[] }
}

/** Most characters of a body that are searched for an event: calls that succeed have events, too, and must not take time for them. */
export const FOR_EVENTS = 65_536

/**
 * Every secret of a call, of one of its attempts, and of its former requests.
 *
 * @param longest most characters of the body that are searched.
 */
export function secretsOfCall(
  { request, engine: { vendor }, destination, internal, signed, history }: SecretCall,
  attempt:
    | { readonly session: Session | undefined; readonly reading: { readonly text: string } | undefined }
    | undefined,
  longest?: number,
): readonly string[] {
  if (isOpen(request, vendor) && !destination.sessions && !internal && !signed && !attempt) return history.formerSecrets
  // The session of the attempt may no longer be in the cache.
  const ofSessions = [attempt?.session?.secrets, destination.sessions?.secrets(), internal?.secrets()]
  const shown = {
    headers: request.headers,
    body: request.bodyForSecrets,
    facts: request.factsForSecrets(request.facts, longest),
  }
  const own = secretsOf(shown, vendor, [history.formerSecrets, ...ofSessions])
  const ofSigned = [...(signed ? [signed] : []), ...history.formerSigned].flatMap((one) => secretsOfSigned(one, vendor))
  return [...new Set([...own, ...ofSigned, ...secretsOfReply(attempt?.reading?.text)])]
}

/** True for a request without headers and body, and without secrets in its URL, as most observed requests are. */
const isOpen = ({ headers, facts, hasBody }: ReplayableRequest, vendor: Knowing | undefined): boolean =>
  headers === undefined && !hasBody && vendor?.secretsIn === undefined && secretsOfAddress(facts.url).length === 0

/** A signed attempt: its session, and what it was signed into. */
export interface Signed {
  readonly session: Session | undefined
  readonly headers: HeadersInit | undefined
  readonly url: string | undefined
}

/** The secrets of a signed request: no session knows a signature that was made for it. */
const secretsOfSigned = (
  { session, headers, url }: Signed,
  vendor: Pick<Vendor, 'secretHeaders'> | undefined,
): readonly string[] => [
  ...(session?.secrets ?? []),
  ...secretsOfHeaders(headers, vendor?.secretHeaders),
  ...secretsOfAddress(url ?? ''),
]

/** The secrets in the body of a request: by their names, and by its vendor. */
export const secretsOfBody = (
  body: ReplayableRequest['body'],
  facts: RequestFacts,
  vendor: Knowing | undefined,
): readonly string[] => [
  ...(body instanceof FormData
    ? [...body].flatMap(([name, value]) => namedSecrets({ [name]: value }))
    : secretsInBody(facts.bodyText)),
  ...secretsKnownTo(vendor, facts),
]

/** The secrets that the vendor names. If its hook throws, any word may be a secret: the error must not be lost. */
function secretsKnownTo(vendor: Knowing | undefined, facts: RequestFacts): readonly string[] {
  try {
    return vendor?.secretsIn?.(facts) ?? []
  } catch {
    const words = new Set(facts.bodyText?.match(/[^\s"'<>{}[\]()=:,;&]{3,}/g))
    return [...words].sort((one, other) => other.length - one.length).slice(0, MOST_WORDS)
  }
}

const MOST_WORDS = 1_000

/**
 * A text under a secret's name that may be the secret itself. Texts about a secret contain blanks, are very short, or are short
 * words of letters alone.
 */
const MAY_BE_SECRET = /^\S{8,}$|^(?=\S{4,7}$)\S*[^\sa-z_-]|PRIVATE KEY-----/i

/** The secrets in a reply, by their names: a new session, the password of a new machine. Also those in a message of another error. */
export const secretsOfReply = (text: string | undefined): readonly string[] =>
  [...secretsInBody(text), ...(text?.match(BARE_TOKEN) ?? []).slice(1)].filter((secret) => MAY_BE_SECRET.test(secret))

/** A reply that is only a token, such as vCenter's to a login. */
const BARE_TOKEN = /^\s*"([\w.~+/=-]{8,512})"?\s*$/
