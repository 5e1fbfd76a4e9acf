import { hasBody, readerOf, withBody } from './replayed-response.ts'

/**
 * A reply whose body fails as soon as more than `limit` bytes of it were read, counted after decompression.
 *
 * @param tooLong makes the error with which the body fails.
 */
export function boundedReply(response: Response, limit: number, tooLong: () => Error): Response {
  if (!hasBody(response) || response.body === null) return response
  const reader = readerOf(response.body)
  let left = limit
  const read = async () => {
    const step = await reader.read()
    left -= step.value?.byteLength ?? 0
    if (left >= 0) return step
    const error = tooLong()
    void reader.cancel(error).catch(() => {})
    throw error
  }
  return withBody(response, { rest: { read, cancel: (reason) => reader.cancel(reason) } })
}
