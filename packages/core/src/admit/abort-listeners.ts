/** All that waits for one signal to abort. */
class Listeners implements EventListenerObject {
  readonly runs = new Set<() => void>()

  handleEvent(): void {
    for (const run of this.runs) run()
  }
}

const bySignal = new WeakMap<AbortSignal, Listeners>()

/**
 * Runs something when a signal aborts. A signal has one listener, however many wait for it: with each that is added or taken
 * off, a runtime goes through all that there are.
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

/** Does not run it any more. With the last one the listener goes, too. */
export function offAbort(signal: AbortSignal, run: () => void): void {
  const listeners = bySignal.get(signal)
  if (listeners === undefined || !listeners.runs.delete(run) || listeners.runs.size > 0) return
  bySignal.delete(signal)
  signal.removeEventListener('abort', listeners)
}
