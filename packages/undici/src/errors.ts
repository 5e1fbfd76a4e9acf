/** Messages of the errors that `fetch` throws in Node.js, which distinguish them. */

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(thrown === undefined ? '' : String(thrown))

/** The error of a request that got no reply. */
export function failed(thrown: unknown): TypeError {
  const error = asError(thrown)
  const cause =
    error.name === 'AbortError' ? Object.assign(new DOMException('Request was cancelled.'), { cause: error }) : error
  return new TypeError('fetch failed', { cause })
}

/** The error of a body that broke off. */
export const terminated = (thrown: unknown): TypeError =>
  new TypeError('terminated', thrown instanceof Error ? { cause: thrown } : {})

/** The cause of a body that ends before the length which its reply claims, as undici 8 words it. */
export const cutOff = (): Error =>
  Object.assign(new Error('Response body length does not match content-length header'), {
    name: 'ResponseContentLengthMismatchError',
    code: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  })
