import { type Fault, parseObject, type Reply, textOf } from '@holdfast/core/plugin'

/** A code is a word; anything else in its place is free text. */
const CODE = /^[A-Za-z][\w.-]{0,99}$/

/** Reads the challenge of a bearer token in `www-authenticate`: the error in it, if it names one. RFC 6750, section 3. */
export function challengeIn({ headers, status }: Reply): Fault | undefined {
  // After a server error, the work may have been done, whatever the challenge says about the token.
  if (status >= 500) return undefined
  const found = bearerParameters(headers.get('www-authenticate') ?? '')
  return faultOf(found.get('error'), found.get('error_description'), status)
}

/** Reads the error of a token endpoint: RFC 6749, section 5.2. Some send it with status 200. */
export function tokenErrorIn({ text, status }: Reply): Fault | undefined {
  const body = parseObject(text)
  return faultOf(textOf(body?.error), textOf(body?.error_description), status)
}

function faultOf(code: string | undefined, message: string | undefined, status: number): Fault | undefined {
  if (code === undefined || !CODE.test(code)) return undefined
  return { code, status, ...(message !== undefined && { message }) }
}

/** A parameter, with its value quoted or not; or the name of a scheme, which its parameters follow. */
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
