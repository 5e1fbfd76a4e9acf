import { type Fault, parseObject, type Reply, textOf } from '@holdfast/core/plugin'

/** Codes are words; anything else in their place is somebody's own text. */
const CODE = /^[A-Za-z][\w.-]{0,99}$/

/** Reads the challenge of a bearer token in `www-authenticate`: the error in it, if it names one. RFC 6750, section 3. */
export function challengeIn({ headers, status }: Reply): Fault | undefined {
  // A server that has failed may have done the work before, whatever it says of the token.
  if (status >= 500) return undefined
  const found = bearerParameters(headers.get('www-authenticate') ?? '')
  return faultOf(found.get('error'), found.get('error_description'), status)
}

/** Reads the answer of a token endpoint: RFC 6749, section 5.2. Some say it with status 200. */
export function tokenErrorIn({ text, status }: Reply): Fault | undefined {
  const body = parseObject(text)
  return faultOf(textOf(body?.error), textOf(body?.error_description), status)
}

function faultOf(code: string | undefined, message: string | undefined, status: number): Fault | undefined {
  if (code === undefined || !CODE.test(code)) return undefined
  return { code, status, ...(message !== undefined && { message }) }
}

/** A parameter, with its value quoted or not; or the name of a scheme, behind which its parameters stand. */
const PART = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))|([\w-]+)/g

function bearerParameters(challenges: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let isBearer = false
  for (const [, name = '', quoted, word, scheme] of challenges.matchAll(PART)) {
    if (scheme !== undefined) isBearer = scheme.toLowerCase() === 'bearer'
    else if (isBearer) found.set(name.toLowerCase(), quoted?.replace(/\\(.)/gs, '$1') ?? word ?? '')
  }
  return found
}
