import type { Fault } from '../contract/fault.ts'
import type { Reply } from '../contract/vendor.ts'

/** The idempotency key of a request: it has none, it has one, or an earlier attempt with it may still be under way. */
export type KeyState = 'none' | 'sent' | 'pending'

/** Servers name the header, or idempotency, in a code, a type or a sentence. */
const ABOUT_KEYS = /idempoten/i

/**
 * The fault in a reply that is about the idempotency key, unless the vendor has read it. draft-ietf-httpapi-idempotency-key-
 * header-07, section 2.7, has 409 for a request with the same key that is under way, 422 for a key that another request had and
 * 400 for one that is missing; Stripe has 409 and 400.
 */
export function faultOfKey(
  { status, headers, text }: Reply,
  { idempotencyKey }: { idempotencyKey(): KeyState },
): Fault | undefined {
  const mayBeAbout = status === 409 || status === 422 || status === 400
  // Stripe: the stored reply to the first request, which will be the same each time.
  const isReplayed = status >= 400 && headers.get('idempotent-replayed') === 'true'
  if (!mayBeAbout && !isReplayed) return undefined
  const state = idempotencyKey()
  if (state === 'none') return undefined
  if (isReplayed) return { code: `HTTP_${status}`, status, settled: true, ...messageIn(text) }
  const isAbout = ABOUT_KEYS.test(text)
  // An empty 409, while an earlier attempt of this call may still be under way, is most likely about that attempt.
  if (status === 409)
    return state === 'pending' && (isAbout || text.trim() === '')
      ? { code: 'IDEMPOTENCY_KEY_IN_USE', status, ...messageIn(text) }
      : undefined
  return isAbout ? { code: 'IDEMPOTENCY_KEY_REFUSED', status, ...messageIn(text) } : undefined
}

const messageIn = (text: string): Pick<Fault, 'message'> => (text.trim() === '' ? {} : { message: text.trim() })
