/** By signal: a list of its own, because a signal looks through all of its listeners for each that comes or goes. */
const hearers = new WeakMap<AbortSignal, { readonly all: Set<() => void>; release(): void }>()

/**
 * Calls something when a signal aborts, soon where it has already.
 *
 * @returns forgets it.
 */
export function onAbort(signal: AbortSignal, hear: () => void): () => void {
  if (signal.aborted) {
    let isForgotten = false
    queueMicrotask(() => {
      if (!isForgotten) hear()
    })
    return () => {
      isForgotten = true
    }
  }
  const hearing = hearers.get(signal) ?? listenTo(signal)
  hearing.all.add(hear)
  return () => {
    if (hearing.all.delete(hear) && hearing.all.size === 0) hearing.release()
  }
}

function listenTo(signal: AbortSignal) {
  const all = new Set<() => void>()
  const tell = () => {
    hearers.delete(signal)
    for (const hear of [...all]) hear()
  }
  const release = () => {
    hearers.delete(signal)
    signal.removeEventListener('abort', tell)
  }
  signal.addEventListener('abort', tell, { once: true })
  const hearing = { all, release }
  hearers.set(signal, hearing)
  return hearing
}
