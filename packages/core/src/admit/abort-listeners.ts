/** The functions to call when one signal aborts. */
class Listeners implements EventListenerObject {
  readonly runs = new Set<() => void>()

  handleEvent(): void {
    for (const run of this.runs) run()
  }
}

const bySignal = new WeakMap<AbortSignal, Listeners>()

/**
 * Calls a function when a signal aborts. Each signal gets one listener, however many functions wait for it: a runtime goes
 * through all listeners of a signal whenever one is added or removed.
 */
export function onAbort(signal: AbortSignal, run: () => void): void {
  let listeners = bySignal.get(signal)
  if (listeners === undefined) {
    listeners = new Listeners()
    bySignal.set(signal, listeners)
    signal.addEventListener('abort', listeners, { once: true })
  }
  listeners.runs.add(run)
}

/** Undoes {@link onAbort}. The listener is removed with the last function. */
export function offAbort(signal: AbortSignal, run: () => void): void {
  const listeners = bySignal.get(signal)
  if (listeners === undefined || !listeners.runs.delete(run) || listeners.runs.size > 0) return
  bySignal.delete(signal)
  signal.removeEventListener('abort', listeners)
}
