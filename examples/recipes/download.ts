/**
 * A download that goes on where it broke off, by a Range request. `If-Range` makes sure that the rest is of the same file: where
 * it has changed, or the server gives no strong ETag, nothing can be put together, and the error is thrown.
 */
import type { ResilientFetch } from '@holdfast/core'

export interface DownloadOptions {
  readonly signal?: AbortSignal
  /** The longest silence of the server in the body, in milliseconds. */
  readonly bodyTimeout?: number
  /** Number of times that the body may break off. */
  readonly breaks?: number
}

/** The bytes of a file, as they come. A broken body is no failure of the call, so the client's retries do not see it. */
export async function* download(
  client: ResilientFetch,
  url: string,
  { signal, bodyTimeout = 30_000, breaks = 10 }: DownloadOptions = {},
): AsyncGenerator<Uint8Array> {
  let received = 0
  let version: string | undefined
  for (let broken = 0; ; broken++) {
    const headers = {
      'accept-encoding': 'identity', // a range counts the bytes as they are sent
      ...(version !== undefined && { range: `bytes=${received}-`, 'if-range': version }),
    }
    const reply = await client(url, { headers, ...(signal && { signal }), resilience: { bodyTimeout } })
    if (version !== undefined && !beginsAt(reply, received)) {
      await reply.body?.cancel()
      throw new Error(`The file has changed while it was read: ${received} bytes are of the old one.`)
    }
    version = strongTag(reply)
    try {
      for await (const bytes of reply.body ?? []) {
        received += bytes.byteLength
        yield bytes
      }
      return
    } catch (error) {
      if (signal?.aborted || version === undefined || broken >= breaks) throw error
    }
  }
}

const beginsAt = ({ status, headers }: Response, at: number) =>
  status === 206 && headers.get('content-range')?.startsWith(`bytes ${at}-`) === true

/** A weak ETag (`W/"…"`) stands for files that are alike, and not for the same bytes. */
const strongTag = ({ headers }: Response) => {
  const tag = headers.get('etag')
  return tag?.startsWith('"') ? tag : undefined
}
