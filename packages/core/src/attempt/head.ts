import type { Sniff } from '../contract/vendor.ts'
import type { BodyRest } from './replayed-response.ts'

/** Limits of size and time on reading a body. */
export interface Bounds {
  /** Bytes after which reading stops. */
  readonly bytes: number
  /** Tells a success by its beginning: reading stops there. Nothing is read beyond what it needs. */
  readonly sniff?: Sniff
  /** Milliseconds after which reading stops. */
  readonly ms: number
  /** Stops reading at once. */
  readonly signal?: AbortSignal | null | undefined
  /** Milliseconds without a byte after which reading stops; it holds for the body that is passed on, too. */
  readonly idle?: number | undefined
}

/** The end of a reading: the body ended, enough was read, time ran out, the body failed, or the caller gave up. */
export type Stop = 'done' | 'full' | 'fine' | 'late' | 'broken' | 'aborted'

/** The beginning of a body, and how to get at the rest. */
export interface Head {
  readonly chunks: readonly Uint8Array<ArrayBuffer>[]
  readonly stop: Stop
  /** The error that the body failed with. */
  readonly broken: unknown
  readonly rest: BodyRest
}

/** Reads the beginning of a body within bounds. @throws what `sniff` throws. */
export async function readHead(reader: ReadableStreamDefaultReader<Uint8Array>, bounds: Bounds): Promise<Head> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const guard = guarding(bounds)
  let { sniff } = bounds
  let size = 0
  let stop: Stop = 'full'
  let broken: unknown
  let asked: Promise<ReadableStreamReadResult<Uint8Array>> | undefined
  const take = (chunk: Uint8Array<ArrayBuffer>): boolean => {
    size += chunk.byteLength
    chunks.push(chunk)
    const finding = sniff?.(chunk)
    if (finding === 'fault') sniff = undefined
    return finding === 'fine'
  }
  try {
    while (size < bounds.bytes) {
      guard.heard()
      asked = reader.read()
      // What came before a break may be enough to know a failure by.
      const step = await Promise.race([asked, guard.stopped]).catch((error: unknown) => {
        broken = error
        return 'broken' as const
      })
      if (typeof step === 'string' || step.done) {
        stop = typeof step === 'string' ? step : 'done'
        break
      }
      if (!take(step.value as Uint8Array<ArrayBuffer>)) continue
      stop = 'fine'
      break
    }
  } finally {
    guard.release()
  }
  return { chunks, stop, broken, rest: stop === 'late' ? afterAsking(asked, reader) : reader }
}

/** The rest of a body whose next bytes have been asked for already. */
function afterAsking(
  asked: Promise<ReadableStreamReadResult<Uint8Array>> | undefined,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): BodyRest {
  let first = asked
  // Nobody need ever take it.
  first?.catch(() => {})
  return {
    read() {
      const next = first ?? reader.read()
      first = undefined
      return next
    },
    cancel: (reason) => reader.cancel(reason),
  }
}

/** Ends a read for want of time or at the caller's wish. */
function guarding({ ms, idle, signal }: Bounds) {
  let release = () => {}
  let heard = () => {}
  const stopped = new Promise<'late' | 'aborted'>((resolve) => {
    const timer = setTimeout(resolve, ms, 'late')
    let silence: ReturnType<typeof setTimeout> | undefined
    const abort = () => resolve('aborted')
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    if (idle !== undefined) {
      heard = () => {
        clearTimeout(silence)
        silence = setTimeout(resolve, idle, 'late')
      }
    }
    release = () => {
      clearTimeout(timer)
      clearTimeout(silence)
      signal?.removeEventListener('abort', abort)
    }
  })
  return { stopped, heard: () => heard(), release: () => release() }
}
