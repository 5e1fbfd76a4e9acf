import type { WorkState } from './work-state.ts'

/** Somebody who is told of states. */
export interface Listener<Result> {
  next(state: WorkState<Result>): void
  /** The waiting has ended from outside. */
  stop(thrown: unknown): void
}

/** Makes one state after the other of what a listener is told; of several that come at once, only the last. */
export async function* statesOf<Result>(
  first: WorkState<Result>,
  listen: (listener: Listener<Result>) => () => void,
  isLast: (state: WorkState<Result>) => boolean,
): AsyncGenerator<WorkState<Result>, void> {
  let latest = first
  let stopped: { readonly thrown: unknown } | undefined
  let wake = () => {}
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
    for (let shown: WorkState<Result> | undefined; ; ) {
      if (latest !== shown) {
        shown = latest
        yield shown
        if (isLast(shown)) return
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
