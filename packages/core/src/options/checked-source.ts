import type { OutgoingRequest } from '../contract/request.ts'
import type { Session, SessionHeaders, SessionSource } from '../contract/session.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../error/shown-value.ts'
import {
  answering,
  ignoreRejection,
  isAnd,
  isBoolean,
  isNumber,
  isText,
  isTexts,
  maybe,
  mistakeOf,
  type Test,
} from './answer.ts'
import { ownCopy } from './own-copy.ts'

const isTime = (value: unknown): boolean => isNumber(value) && value >= 0
const isSession = isAnd({
  secrets: isTexts,
  expiresAt: maybe(isTime),
  idleTimeout: maybe(isTime),
  endpoints: maybe(isTexts),
})
const isCredentials: Test = (value) => isAnd({})(value) && Object.values(value as object).every(isText)

const isHeader = maybe(isText)

const checked = new WeakMap<SessionSource, SessionSource>()

/**
 * Wraps a source so that what its functions return is checked. It returns the same object for the same source, because sessions
 * are kept by it. If several vendors share the source, its errors name the first.
 *
 * @throws {OptionsError} naming a member that is wrong.
 */
export function checkedSource(vendor: string, source: SessionSource): SessionSource {
  const known = typeof source === 'object' && source !== null ? checked.get(source) : undefined
  if (known !== undefined) return known
  if (typeof source !== 'object' || source === null)
    throw new OptionsError('vendor.auth', `must be a source of sessions, got ${kindOf(source)}.`)
  for (const name of ['credentials', 'open', 'sign'] as const) {
    if (typeof source[name] !== 'function')
      throw new OptionsError(`vendor.auth.${name}`, `must be a function, got ${kindOf(source[name])}.`)
  }
  const { issuer, publicFields, shareKey, lockoutDecays, isFixed } = source
  const credentials = fitting(vendor, 'auth.credentials', isCredentials, 'an object of texts')
  const session = fitting(vendor, 'auth.open', isSession, 'a session, which has a list of `secrets`')
  const same: SessionSource = {
    ...(issuer !== undefined && { issuer }),
    ...(publicFields !== undefined && { publicFields }),
    ...(shareKey !== undefined && { shareKey }),
    ...(lockoutDecays !== undefined && { lockoutDecays }),
    ...(isFixed !== undefined && { isFixed }),
    ...(source.accountOf !== undefined && {
      accountOf: answering(vendor, 'auth.accountOf', source, source.accountOf, isText, 'a text') as never,
    }),
    credentials: async () => credentials(ownCopy(await source.credentials())),
    open: async (...given) => session(await source.open(...given)),
    sign: (request, one) => sign(vendor, source, request, one),
    ...(source.shouldSign !== undefined && {
      shouldSign: answering(vendor, 'auth.shouldSign', source, source.shouldSign, isBoolean, 'true or false') as never,
    }),
    ...(source.close !== undefined && { close: async (...given) => source.close?.(...given) }),
  }
  checked.set(source, same)
  return same
}

/** True for headers. It makes no list of them, because it runs for each signed request. */
function areHeaders(value: unknown): value is SessionHeaders {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value || value instanceof Promise) return false
  for (const name in value) if (!isHeader((value as SessionHeaders)[name])) return false
  return true
}

/** A function that returns its argument if it passes the test. */
const fitting = (vendor: string, hook: string, test: Test, wanted: string) =>
  answering(vendor, hook, undefined, <T>(value: T) => value, test, wanted) as <T>(value: T) => T

function sign(
  vendor: string,
  source: SessionSource,
  request: OutgoingRequest,
  session: Session,
): SessionHeaders | undefined {
  const { url } = request
  const answer: unknown = source.sign(request, session)
  // A promise would come too late to sign the request.
  if (answer !== undefined && !areHeaders(answer)) {
    ignoreRejection(answer)
    throw mistakeOf(vendor, 'auth.sign', `return headers or nothing, got ${kindOf(answer)}`)
  }
  if (request.url !== url && !(isText(request.url) && URL.canParse(request.url)))
    throw mistakeOf(vendor, 'auth.sign', `leave an absolute URL in the request, not ${kindOf(request.url)}`)
  return answer
}
