import { isRefused, isVendorError, type RefusedError, type VendorError } from '@holdfast/core'

/** What a caller was told in the end. */
export type Told =
  | { readonly type: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly type: 'failed'; readonly error: VendorError }
  | { readonly type: 'refused'; readonly error: RefusedError }

/** Waits for a call and takes its error as a value. Anything but the client's own errors is thrown on. */
export async function toldBy(call: Promise<Response>): Promise<Told> {
  try {
    const response = await call
    return { type: 'answered', status: response.status, body: read(await response.text()) }
  } catch (error) {
    if (isRefused(error)) return { type: 'refused', error }
    if (isVendorError(error)) return { type: 'failed', error }
    throw error
  }
}

/** JSON where it is JSON, nothing for nothing. */
function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text === '' ? undefined : text
  }
}

/** The error that a caller was given, if that is what it got. */
export const errorIn = (told: Told): VendorError | undefined => (told.type === 'failed' ? told.error : undefined)
