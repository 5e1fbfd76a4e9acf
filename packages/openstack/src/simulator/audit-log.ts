/** One action that a service really carried out or accepted. Refused ones are not here. */
export interface CloudExecuted {
  /** `backup.create`, `backup.restore`, `backup.delete`, `policy.create`, `policy.update`, `policy.delete`, `policy.run`, `policy.bind` or `policy.unbind`. */
  readonly action: string
  /** The server or disk that is backed up or restored, or the identifier of the backup or policy. */
  readonly target: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Records work that was carried out for a request. */
export type Done = (action: string, target: string) => void

/** A record of the work that was carried out. */
export interface AuditLog {
  readonly executed: readonly CloudExecuted[]
  done(action: string, target: string, at: number): void
  clear(): void
}

/** Starts empty. */
export function createAuditLog(): AuditLog {
  const executed: CloudExecuted[] = []
  return {
    executed,
    done: (action, target, at) => void executed.push({ action, target, at }),
    clear: () => void executed.splice(0),
  }
}
