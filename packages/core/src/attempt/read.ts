import { hasBody, passOn, type Rest } from './passed-on.ts'

/** How far and how long a body may be read. */
export interface Bounds {
  /** Bytes after which reading stops. */
  readonly bytes: number
  /** Milliseconds after which reading stops. */
  readonly ms: number
  /** Stops reading at once; its reason is thrown. */
  readonly signal?: AbortSignal | null | undefined
  /** Milliseconds without a byte after which reading stops; it holds for the body that is passed on, too. */
  readonly idle?: number | undefined
  /** Called when the body that is passed on has ended. */
  readonly onEnd?: (() => void) | undefined
}

/** The beginning of a body. The reply is to be opened or sealed, or its socket stays taken. */
export interface Reading {
  readonly text: string
  /** False if the body goes on, was cut off, or took too long. */
  readonly complete: boolean
  /** True if the time ran out. */
  readonly late: boolean
  /** What the body failed with, if it failed. */
  readonly broken: unknown
  /** The reply with its body as if nobody had looked. */
  open(): Response
  /** The reply with what was read of its body; the rest is given up, and its socket freed. */
  seal(): Response
}

/** Reads the beginning of a reply's body within bounds. @throws the signal's reason. */
export async function readBody(response: Response, bounds: Bounds): Promise<Reading> {
  const { signal, idle, onEnd } = bounds
  if (!hasBody(response) || response.body === null) {
    onEnd?.()
    return { text: '', complete: true, late: false, broken: undefined, open: () => response, seal: () => response }
  }
  const reader = response.body.getReader()
  const giveUp = (reason?: unknown) => {
    void reader.cancel(reason).catch(() => {})
    onEnd?.()
  }
  const { head, text, stop, broken, rest } = await readHead(reader, bounds)
  if (signal?.aborted) {
    giveUp(signal.reason)
    throw signal.reason
  }
  if (stop === 'done') onEnd?.()
  // Whoever reads on after a break meets the same error.
  const goesOn = stop !== 'done'
  return {
    text,
    complete: stop === 'done',
    late: stop === 'late',
    broken,
    open: () => passOn(response, { head, ...(goesOn && { rest, idle, onEnd }) }),
    seal() {
      if (goesOn) giveUp()
      // Copies, for passing bytes on takes them away, and a reply may be sealed for several readers.
      return passOn(response, { head: head.map((chunk) => chunk.slice()) })
    },
  }
}

type Stop = 'done' | 'full' | 'late' | 'broken' | 'aborted'

async function readHead(reader: ReadableStreamDefaultReader<Uint8Array>, bounds: Bounds) {
  const head: Uint8Array<ArrayBuffer>[] = []
  const decoder = new TextDecoder()
  const guard = guarding(bounds)
  let text = ''
  let size = 0
  let stop: Stop = 'full'
  let broken: unknown
  let asked: Promise<ReadableStreamReadResult<Uint8Array>> | undefined
  try {
    while (size < bounds.bytes) {
      guard.heard()
      asked = reader.read()
      const step = await Promise.race([asked, guard.stopped])
      if (typeof step === 'string' || step.done) {
        stop = typeof step === 'string' ? step : 'done'
        break
      }
      const chunk = step.value as Uint8Array<ArrayBuffer>
      text += decoder.decode(chunk, { stream: true })
      size += chunk.byteLength
      head.push(chunk)
    }
  } catch (error) {
    // What came before the break may be enough to know a failure by.
    stop = 'broken'
    broken = error
  }
  guard.release()
  return {
    head,
    text: text + decoder.decode(),
    stop,
    broken,
    rest: stop === 'late' ? afterAsking(asked, reader) : reader,
  }
}

/** What is left of a body whose next bytes have been asked for already. */
function afterAsking(
  asked: Promise<ReadableStreamReadResult<Uint8Array>> | undefined,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Rest {
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
