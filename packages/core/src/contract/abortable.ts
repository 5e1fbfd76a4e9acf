/** Settles as the work does, or rejects with the reason of the first signal that aborts. The work itself goes on. */
export function abortable<T>(work: Promise<T>, ...signals: readonly (AbortSignal | null | undefined)[]): Promise<T> {
  const heard = signals.filter((signal) => signal != null)
  const aborted = heard.find((signal) => signal.aborted)
  if (aborted !== undefined) {
    work.catch(() => {})
    return Promise.reject(aborted.reason)
  }
  return new Promise((resolve, reject) => {
    const stop = (event: Event) => {
      release()
      reject((event.target as AbortSignal).reason)
    }
    const release = () => {
      for (const signal of heard) signal.removeEventListener('abort', stop)
    }
    for (const signal of heard) signal.addEventListener('abort', stop, { once: true })
    work.finally(release).then(resolve, reject)
  })
}
