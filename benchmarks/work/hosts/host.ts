import { now } from '../../storm/model/clock.ts'

/** A task of a host that is made for measuring. */
export interface Task {
  readonly id: string
  /** Milliseconds of virtual time. */
  readonly endsAt: number
}

/** A host whose tasks end at moments that are known beforehand. */
export interface Host {
  readonly url: string
  readonly tasks: readonly Task[]
  readonly fetch: typeof fetch
  /** Polls for tasks that have arrived. */
  readonly polls: number
}

/** Milliseconds in which an answer comes. */
const LATENCY = 20

/** Tasks that end at any moment of a time, one as likely as another. */
export const tasksOf = (number: number, ms: number, idOf: (at: number) => string): readonly Task[] =>
  Array.from({ length: number }, (_, at) => ({
    id: idOf(at),
    endsAt: ((at * 7_919) % number) * (ms / number) + ms / 10,
  }))

/** Answers a request after the latency of the host. */
export const answer = async (
  signal: AbortSignal | null | undefined,
  ms: number,
  body: () => unknown,
): Promise<Response> => {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms + LATENCY)
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
  return Response.json(body())
}

/** From 0 to 1. */
export const shareOf = ({ endsAt }: Task): number => Math.min(1, now() / endsAt)
