import { type EndState, hasEnded, type WorkState } from './work-state.ts'

/** A receiver of states. */
export interface Listener<Result> {
  next(state: WorkState<Result>): void
  /** The waiting was ended from outside. */
  stop(thrown: unknown): void
}

/** Turns the calls of a listener into a sequence of states; of several at once, only the last. */
export function statesOf<Result>(
  now: () => WorkState<Result>,
  listen: (listener: Listener<Result>) => () => void,
): AsyncGenerator<WorkState<Result>, void> {
  let hasLeft = false
  let wake = () => {}
  async function* states(): AsyncGenerator<WorkState<Result>, void> {
    let latest = now()
    let stopped: { readonly thrown: unknown } | undefined
    const leave = listen({
      next(state) {
        latest = state
        wake()
      },
      stop(thrown) {
        stopped = { thrown }
        wake()
      },
    })
    try {
      for (let shown: WorkState<Result> | undefined; !hasLeft; ) {
        if (latest !== shown) {
          shown = latest
          yield shown
          if (hasEnded(shown)) return
        } else if (stopped !== undefined) throw stopped.thrown
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      leave()
    }
  }
  const made = states()
  const end = made.return.bind(made)
  // `return` of a generator that waits for a state would wait for that state as well.
  made.return = (value) => {
    hasLeft = true
    wake()
    return end(value)
  }
  return made
}

/** Waits for the end. */
export const endOf = <Result>(
  now: () => WorkState<Result>,
  listen: (listener: Listener<Result>) => () => void,
): Promise<EndState<Result>> =>
  new Promise((resolve, reject) => {
    const settle = (state: WorkState<Result>) => {
      if (hasEnded(state)) resolve(state)
    }
    settle(now())
    listen({ next: settle, stop: reject })
  })
