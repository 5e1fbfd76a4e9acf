import { isRefused, isVendorError, type RefusedError, type VendorError } from '@holdfast/core'

/** The end of a call, as its caller sees it. */
export type Result =
  | { readonly type: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly type: 'failed'; readonly error: VendorError }
  | { readonly type: 'refused'; readonly error: RefusedError }

/** Waits for a call and returns its error as a value. Throws any error that is not the client's own. */
export async function resultOf(call: Promise<Response>): Promise<Result> {
  try {
    const response = await call
    return { type: 'answered', status: response.status, body: read(await response.text()) }
  } catch (error) {
    if (isRefused(error)) return { type: 'refused', error }
    if (isVendorError(error)) return { type: 'failed', error }
    throw error
  }
}

/** Parses JSON; other text is returned as it is, and an empty one as `undefined`. */
function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text === '' ? undefined : text
  }
}

/** The error of a failed call; `undefined` for any other. */
export const errorIn = (result: Result): VendorError | undefined =>
  result.type === 'failed' ? result.error : undefined
