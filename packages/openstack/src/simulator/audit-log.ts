/** One thing that a service really did, or took on to do. What it only refused is not here. */
export interface CloudExecuted {
  /** `backup.create`, `backup.restore`, `backup.delete`, `policy.create`, `policy.update`, `policy.delete`, `policy.run`, `policy.bind` or `policy.unbind`. */
  readonly action: string
  /** The server or disk that is backed up or restored, or the identifier of the backup or policy. */
  readonly target: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Notes work that a request has had done. */
export type Done = (action: string, target: string) => void

/** Keeps account of work done. */
export interface AuditLog {
  readonly executed: readonly CloudExecuted[]
  done(action: string, target: string, at: number): void
  clear(): void
}

/** Starts with nothing done. */
export function createAuditLog(): AuditLog {
  const executed: CloudExecuted[] = []
  return {
    executed,
    done: (action, target, at) => void executed.push({ action, target, at }),
    clear: () => void executed.splice(0),
  }
}
