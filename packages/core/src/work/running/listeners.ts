import { type EndState, hasEnded, type WorkState } from './work-state.ts'

/** A receiver of states. */
export interface Listener<Result> {
  next(state: WorkState<Result>): void
  /** The waiting has ended from outside. */
  stop(thrown: unknown): void
}

/** Makes one state after the other of what a listener is told; of several that come at once, only the last. */
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
  // A generator that waits for a state would end with the next one, and be waited for until then.
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
