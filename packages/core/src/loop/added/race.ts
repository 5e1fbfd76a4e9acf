import { discard } from '../../attempt/reply.ts'

/** One sending of a race. */
interface Racer {
  readonly controller: AbortController
  hasEnded: boolean
  reply?: Response
  thrown?: unknown
}

/**
 * A request that is sent more than once, by `start`. The first answer that is no failure counts; if all fail, that of the first
 * sending. The other sendings are aborted, and the bodies of answers that come all the same are cancelled.
 *
 * @param signal aborts all sendings, and the body of the answer.
 * @param onEnded is called once: whether the second answer counts, and whether another sending has not ended in the same way.
 */
export function race(
  signal: AbortSignal | null | undefined,
  send: (signal: AbortSignal) => Promise<Response>,
  onEnded: (isSecond: boolean, isDoubtful: boolean) => void,
): { readonly winner: Promise<Response>; start(): void } {
  const racers: Racer[] = []
  const { promise: winner, resolve, reject } = Promise.withResolvers<Response>()
  let isOver = false
  const end = (counting: Racer | undefined, reason: unknown): void => {
    isOver = true
    signal?.removeEventListener('abort', abort)
    const others = racers.filter((one) => one !== counting)
    for (const { controller, reply } of others) {
      controller.abort(reason)
      discard(reply)
    }
    if (counting === undefined) onEnded(false, false)
    else
      onEnded(
        counting !== racers[0],
        others.some((one) => statusOf(one) !== statusOf(counting)),
      )
    if (counting?.reply === undefined) reject(counting === undefined ? reason : counting.thrown)
    else resolve(counting.reply)
  }
  const abort = () => end(undefined, signal?.reason)
  const take = (racer: Racer, ended: Pick<Racer, 'reply' | 'thrown'>): void => {
    Object.assign(racer, ended, { hasEnded: true })
    if (isOver) return discard(ended.reply)
    const isGood = ended.reply !== undefined && ended.reply.status < 400
    if (isGood || racers.every(({ hasEnded }) => hasEnded))
      end(isGood ? racer : racers[0], new DOMException('Another answer came first.', 'AbortError'))
  }
  signal?.addEventListener('abort', abort, { once: true })
  const start = (): void => {
    if (isOver) return
    const racer: Racer = { controller: new AbortController(), hasEnded: false }
    racers.push(racer)
    // Both signals, because the body of the answer must still be abortable after the race. `any` leaves no listener behind.
    const own = signal == null ? racer.controller.signal : AbortSignal.any([signal, racer.controller.signal])
    send(own).then(
      (reply) => take(racer, { reply }),
      (thrown: unknown) => take(racer, { thrown }),
    )
  }
  return { winner, start }
}

/** The status of an answer; `NaN`, which equals nothing, if there is none. */
const statusOf = ({ reply }: Racer): number => reply?.status ?? Number.NaN
