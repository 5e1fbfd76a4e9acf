import type { VendorError } from '../error/vendor-error.ts'

/** Makers of errors, each kept with what it is about, so that who only asks does not bring them into a bundle. */
const accepted = new WeakMap<object, () => VendorError>()

/** Keeps the conflict that a reply stands in place of. */
export function rememberAccepted(reply: Response, makeError: () => VendorError): void {
  accepted.set(reply, makeError)
}

/**
 * The conflict that was accepted in place of a reply, by `acceptAchieved` or `onConflict`: its `response` is what the vendor
 * replied. `undefined` for every other reply.
 *
 * @example
 * const reply = await client(`${vm}/power?action=start`, { method: 'POST', resilience: { acceptAchieved: true } })
 * if (acceptedOf(reply)) console.log('It ran already.')
 */
export function acceptedOf(reply: Response): VendorError | undefined {
  return accepted.get(reply)?.()
}
