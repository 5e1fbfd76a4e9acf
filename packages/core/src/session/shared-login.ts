/** One login that any number of callers wait for. */
export interface Login<T> {
  waiting: number
  readonly controller: AbortController
  readonly result: Promise<T>
}

/** Waits for a login. A caller that gives up leaves alone; when the last one has left, the login is given up too. */
export function joinLogin<T>(
  login: Login<T>,
  signal: AbortSignal | null | undefined,
  abandoned: () => void,
): Promise<T> {
  login.waiting++
  return new Promise((resolve, reject) => {
    const done = () => signal?.removeEventListener('abort', abort)
    const abort = () => {
      done()
      reject(signal?.reason)
      if (--login.waiting > 0) return
      abandoned()
      login.controller.abort(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    login.result.finally(done).then(resolve, reject)
  })
}
