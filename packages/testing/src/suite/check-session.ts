import type { OutgoingRequest, Session, SessionSource } from '@holdfast/core/plugin'
import { withHarness } from './harness.ts'
import type { VendorSuiteOptions } from './options.ts'
import { readOf } from './requests.ts'

/** The mistakes of a session: a secret that could leak, or one that is never sent to the server. */
export function findFlawsOfSession(suite: VendorSuiteOptions): Promise<string[]> {
  return withHarness(suite, {}, async ({ session }) => {
    const { auth, secretHeaders = [] } = suite.vendor
    if (auth === undefined) return []
    const opened = session()
    if (opened === undefined) return ['the first request needed no login']
    if (opened.secrets.length === 0) return ['the session names no secret']
    return [
      ...findUnshown(suite, auth, opened),
      ...findUndeclared(suite, auth, opened, secretHeaders),
      ...(await findUnguarded(auth, opened)),
    ]
  })
}

function signed(suite: VendorSuiteOptions, auth: SessionSource, session: Session): OutgoingRequest {
  const { url, method, headers = {}, body } = readOf(suite)
  const request: OutgoingRequest = { url, method, headers: new Headers(headers), body, bodyText: body }
  const shown = auth.sign(request, session) ?? {}
  for (const [name, value] of Object.entries(shown)) if (value !== undefined) request.headers.set(name, value)
  return request
}

/** True if a signed request contains something of the session, in any place. */
function findUnshown(suite: VendorSuiteOptions, auth: SessionSource, session: Session): string[] {
  const { url, headers, body } = signed(suite, auth, session)
  const all = [decodeURIComponent(url), String(body), ...headers.values()].join('\n')
  return session.secrets.some((secret) => all.includes(secret))
    ? []
    : ['a signed request shows no secret of the session']
}

/** Undeclared headers with a secret, which a redirect would send to another host. */
function findUndeclared(
  suite: VendorSuiteOptions,
  auth: SessionSource,
  session: Session,
  declared: readonly string[],
): string[] {
  return [...signed(suite, auth, session).headers]
    .filter(([name, value]) => session.secrets.some((secret) => value.includes(secret)) && !declared.includes(name))
    .map(([name]) => `header ${name} carries a secret but is not among secretHeaders`)
}

/** Finds credentials that are not public and not redacted when a server repeats them. */
async function findUnguarded({ credentials, publicFields = ['username'] }: SessionSource, { secrets }: Session) {
  const secret = Object.entries(await credentials()).filter(([name]) => !publicFields.includes(name))
  return secret
    .filter(([, value]) => !secrets.includes(value))
    .map(([name]) => `the credentials’ ${name} is neither among the session’s secrets nor among its \`publicFields\``)
}
