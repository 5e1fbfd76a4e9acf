import { hasBody, passOn } from './passed-on.ts'

/** How far and how long a body may be read. */
export interface Bounds {
  /** Bytes after which reading stops. */
  readonly bytes: number
  /** Milliseconds after which reading stops. */
  readonly ms: number
  /** Stops reading at once; its reason is thrown. */
  readonly signal?: AbortSignal | null | undefined
  /** Idle limit of the body that is passed on. */
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
    return { text: '', complete: true, late: false, open: () => response, seal: () => response }
  }
  const reader = response.body.getReader()
  const giveUp = (reason?: unknown) => {
    void reader.cancel(reason).catch(() => {})
    onEnd?.()
  }
  const { head, text, stop } = await readHead(reader, bounds)
  if (signal?.aborted) {
    giveUp(signal.reason)
    throw signal.reason
  }
  if (stop === 'late') giveUp()
  if (stop === 'done') onEnd?.()
  // Whoever reads on after a break meets the same error.
  const goesOn = stop === 'full' || stop === 'broken'
  return {
    text,
    complete: stop === 'done',
    late: stop === 'late',
    open: () => passOn(response, { head, ...(goesOn && { rest: reader, idle, onEnd }) }),
    seal() {
      if (goesOn) giveUp()
      return passOn(response, { head })
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
  try {
    while (size < bounds.bytes) {
      const step = await Promise.race([reader.read(), guard.stopped])
      if (typeof step === 'string' || step.done) {
        stop = typeof step === 'string' ? step : 'done'
        break
      }
      const chunk = step.value as Uint8Array<ArrayBuffer>
      text += decoder.decode(chunk, { stream: true })
      size += chunk.byteLength
      head.push(chunk)
    }
  } catch {
    // What came before the break may be enough to know a failure by.
    stop = 'broken'
  }
  guard.release()
  return { head, text: text + decoder.decode(), stop }
}

/** Ends a read for want of time or at the caller's wish. */
function guarding({ ms, signal }: Bounds) {
  let release = () => {}
  const stopped = new Promise<'late' | 'aborted'>((resolve) => {
    const timer = setTimeout(resolve, ms, 'late')
    const abort = () => resolve('aborted')
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    release = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  })
  return { stopped, release }
}
