import type { RequestFacts } from '../../contract/request.ts'
import type { Session } from '../../contract/session.ts'
import type { Vendor } from '../../contract/vendor.ts'
import type { ReplayableRequest } from '../../request/replayable-request.ts'
import { secretsOfUrl } from '../../secrets/credentials.ts'
import { secretsOfHeaders } from '../../secrets/credentials-in-headers.ts'
import { namedSecrets, secretsInBody } from '../../secrets/named-secrets.ts'

/** The parts of a vendor that tell secrets. */
type Knowing = Pick<Vendor, 'secretHeaders' | 'secretsIn'>

/** Every secret of a call: those that are kept for it, and those that its request shows in URL, headers and body. */
export function secretsOf(
  { headers, facts, body }: Pick<ReplayableRequest, 'headers' | 'facts' | 'body'>,
  vendor: Knowing | undefined,
  kept: readonly (readonly string[] | undefined)[],
): readonly string[] {
  return [
    ...kept.flatMap((secrets) => secrets ?? []),
    ...secretsOfHeaders(headers, vendor?.secretHeaders),
    ...secretsOfUrl(facts.url),
    ...secretsOfBody(body, facts, vendor),
  ]
}

/** The parts of a call that its secrets are in. */
interface SecretCall {
  readonly request: ReplayableRequest
  readonly engine: { readonly vendor: Vendor | undefined }
  readonly destination: { readonly sessions: { secrets(): readonly string[] } | undefined }
  readonly internal: { secrets(): readonly string[] } | undefined
  readonly signed: Signed | undefined
  readonly history: { readonly formerSecrets: readonly string[]; readonly formerSigned: readonly Signed[] }
}

/** Every secret of a call and of one of its attempts, and those that are known from requests before it. */
export function secretsOfCall(
  { request, engine: { vendor }, destination, internal, signed, history }: SecretCall,
  attempt:
    | { readonly session: Session | undefined; readonly reading: { readonly text: string } | undefined }
    | undefined,
): readonly string[] {
  if (isOpen(request, vendor) && !destination.sessions && !internal && !signed && !attempt) return history.formerSecrets
  // The session of an attempt may have left the cache long ago.
  const ofSessions = [attempt?.session?.secrets, destination.sessions?.secrets(), internal?.secrets()]
  const shown = {
    headers: request.headers,
    body: request.bodyForSecrets,
    facts: request.factsForSecrets(request.facts),
  }
  const own = secretsOf(shown, vendor, [history.formerSecrets, ...ofSessions])
  const ofSigned = [...(signed ? [signed] : []), ...history.formerSigned].flatMap((one) => secretsOfSigned(one, vendor))
  return [...new Set([...own, ...ofSigned, ...secretsOfReply(attempt?.reading?.text)])]
}

/** True for a request with nothing but an address to look for secrets in, and none in that: most that are observed are such. */
const isOpen = ({ headers, facts, hasBody }: ReplayableRequest, vendor: Knowing | undefined): boolean =>
  headers === undefined && !hasBody && vendor?.secretsIn === undefined && secretsOfUrl(facts.url).length === 0

/** A session, and what it was put into. */
export interface Signed {
  readonly session: Session | undefined
  readonly headers: HeadersInit | undefined
  readonly url: string | undefined
}

/** The secrets of a signed request: a signature made for it is known to no session. */
const secretsOfSigned = (
  { session, headers, url }: Signed,
  vendor: Pick<Vendor, 'secretHeaders'> | undefined,
): readonly string[] => [
  ...(session?.secrets ?? []),
  ...secretsOfHeaders(headers, vendor?.secretHeaders),
  ...secretsOfUrl(url ?? ''),
]

/** The secrets that a request shows in its body, by their names and in its vendor's words. */
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

/** The secrets that the vendor knows. Where it makes a mistake any word may be one: an error must not be lost to it. */
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
 * A text that may be a secret in a reply. What says something of a secret under its name has blanks, or is very short, or
 * a short word of letters alone.
 */
const MAY_BE_SECRET = /^\S{8,}$|^(?=\S{4,7}$)\S*[^\sa-z_-]|PRIVATE KEY-----/i

/** The secrets that a reply shows by their names: a new session, the password of a new machine. */
const secretsOfReply = (text: string | undefined): readonly string[] =>
  [...secretsInBody(text), ...(text?.match(BARE_TOKEN) ?? []).slice(1)].filter((secret) => MAY_BE_SECRET.test(secret))

/** A reply of nothing but a token: vCenter's to a login. */
const BARE_TOKEN = /^\s*"([\w.~+/=-]{8,512})"?\s*$/
