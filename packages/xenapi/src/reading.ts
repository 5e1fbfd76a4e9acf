/** What a timer can count. */
const LONGEST = 2 ** 31 - 1

/**
 * Reads a reply's body to its end.
 *
 * @param ms how long that may take.
 * @throws {DOMException} a `TimeoutError` when it takes longer; the signal's reason; or what the body failed with.
 */
export async function textOf(reply: Response, ms: number, signal: AbortSignal | undefined): Promise<string> {
  const reader = reply.body?.getReader()
  if (reader === undefined) return ''
  const stopped: { reason?: unknown } = {}
  const stop = (reason: unknown) => {
    if (!('reason' in stopped)) stopped.reason = reason
    void reader.cancel(reason).catch(() => {})
  }
  const late = () => stop(new DOMException('The answer stopped in its middle.', 'TimeoutError'))
  const abort = () => stop(signal?.reason)
  const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(late, Math.min(Math.max(0, ms), LONGEST))
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  try {
    const text = await decoded(reader)
    // To cancel a body ends it as if it were whole.
    if ('reason' in stopped) throw stopped.reason
    return text
  } catch (error) {
    throw 'reason' in stopped ? stopped.reason : error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

async function decoded(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  const parts: string[] = []
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    parts.push(decoder.decode(step.value, { stream: true }))
  }
  return parts.join('') + decoder.decode()
}
