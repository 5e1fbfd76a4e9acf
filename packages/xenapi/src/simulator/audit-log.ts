/** One thing that the pool really did. What it only refused is not here. */
export interface XapiExecuted {
  /** `VM.start`, `session.login_with_password`, `/import`. */
  readonly action: string
  /** The VM's reference, the user's name, or what else it was done to. */
  readonly target: string
  /** Name of the host that took the call. */
  readonly host: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Notes work that a call has had done. */
export type Done = (action: string, target: string) => void

/** Keeps account of work done. */
export interface AuditLog {
  readonly executed: readonly XapiExecuted[]
  done(action: string, target: string, host: string): void
  clear(): void
}

/** Starts with nothing done. */
export function createAuditLog(): AuditLog {
  const executed: XapiExecuted[] = []
  return {
    executed,
    done: (action, target, host) => void executed.push({ action, target, host, at: Date.now() }),
    clear: () => void executed.splice(0),
  }
}
