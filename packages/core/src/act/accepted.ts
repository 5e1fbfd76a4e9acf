import type { VendorError } from '../error/vendor-error.ts'

/** The functions that make the errors, by reply, so that `acceptedOf` brings no error class into a bundle. */
const accepted = new WeakMap<object, () => VendorError>()

/** Remembers the conflict that a reply stands for. */
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
