/** One action that the pool really carried out. Refused ones are not here. */
export interface XapiExecuted {
  /** `VM.start`, `session.login_with_password`, `/import`. */
  readonly action: string
  /** The VM's reference, the user's name, or another object. */
  readonly target: string
  /** Name of the host that took the call. */
  readonly host: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Records work that was carried out for a call. */
export type Done = (action: string, target: string) => void

/** A record of the work that was carried out. */
export interface AuditLog {
  readonly executed: readonly XapiExecuted[]
  done(action: string, target: string, host: string): void
  clear(): void
}

/** Starts empty. */
export function createAuditLog(): AuditLog {
  const executed: XapiExecuted[] = []
  return {
    executed,
    done: (action, target, host) => void executed.push({ action, target, host, at: Date.now() }),
    clear: () => void executed.splice(0),
  }
}
