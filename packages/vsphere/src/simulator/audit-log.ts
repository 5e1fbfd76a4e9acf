/** One action that the server really carried out. Refused ones are not here. */
export interface Executed {
  /** `vm.start`, `vm.stop`, `vm.suspend`, `vm.reset`, `vm.delete`, `category.create` or `category.delete`. */
  readonly action: string
  /** Identifier of the machine or category. */
  readonly target: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A record of the work that was carried out. */
export interface AuditLog {
  readonly executed: readonly Executed[]
  done(action: string, target: string): void
  clear(): void
}

/** Starts empty. */
export function createAuditLog(): AuditLog {
  const executed: Executed[] = []
  return {
    executed,
    done: (action, target) => void executed.push({ action, target, at: Date.now() }),
    clear: () => void executed.splice(0),
  }
}
