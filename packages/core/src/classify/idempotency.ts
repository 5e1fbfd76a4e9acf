import type { Fault } from '../contract/fault.ts'
import type { Reply } from '../contract/vendor.ts'

/** No key went with the request; one did; an attempt with it went before and may still be under way. */
export type KeyState = 'none' | 'sent' | 'pending'

/** Servers name the header, or what it is for, in a code, a type or a sentence. */
const ABOUT_KEYS = /idempoten/i

/**
 * The fault in a reply that is about the key of the request, where no vendor knows better. draft-ietf-httpapi-idempotency-key-
 * header-07, section 2.7, has 409 for a request with the same key that is under way, 422 for a key that another request had and
 * 400 for one that is missing; Stripe has 409 and 400.
 */
export function faultOfKey(
  { status, headers, text }: Reply,
  { idempotencyKey }: { idempotencyKey(): KeyState },
): Fault | undefined {
  const mayBeAbout = status === 409 || status === 422 || status === 400
  // Stripe: the reply to the first request, shown again, as it will be each time.
  const isReplayed = status >= 400 && headers.get('idempotent-replayed') === 'true'
  if (!mayBeAbout && !isReplayed) return undefined
  const state = idempotencyKey()
  if (state === 'none') return undefined
  if (isReplayed) return { code: `HTTP_${status}`, status, settled: true, ...messageIn(text) }
  const isAbout = ABOUT_KEYS.test(text)
  // A conflict without a word, after an attempt of one's own that may still be under way, is most likely that one.
  if (status === 409)
    return state === 'pending' && (isAbout || text.trim() === '')
      ? { code: 'IDEMPOTENCY_KEY_IN_USE', status, ...messageIn(text) }
      : undefined
  return isAbout ? { code: 'IDEMPOTENCY_KEY_REFUSED', status, ...messageIn(text) } : undefined
}

const messageIn = (text: string): Pick<Fault, 'message'> => (text.trim() === '' ? {} : { message: text.trim() })
