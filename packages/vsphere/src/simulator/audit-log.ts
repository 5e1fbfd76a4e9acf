/** One thing that the server really did. What it only refused is not here. */
export interface Executed {
  /** `vm.start`, `vm.stop`, `vm.suspend`, `vm.reset`, `vm.delete`, `category.create` or `category.delete`. */
  readonly action: string
  /** Identifier of the machine or category. */
  readonly target: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Keeps account of work done. */
export interface AuditLog {
  readonly executed: readonly Executed[]
  done(action: string, target: string): void
  clear(): void
}

/** Starts with nothing done. */
export function createAuditLog(): AuditLog {
  const executed: Executed[] = []
  return {
    executed,
    done: (action, target) => void executed.push({ action, target, at: Date.now() }),
    clear: () => void executed.splice(0),
  }
}
