/** An error as one answer states it: read, not yet judged. */
export interface Fault {
  /** The vendor's own code, spelt as the vendor spells it (`RESOURCE_BUSY`), or a code of the built-in `http` vendor. */
  readonly code: string
  /** Finer codes that came with it (vSphere's `messages[].id`), the caller's own error first. A catalogue row may refine by one. */
  readonly details?: readonly string[]
  /** HTTP status of the reply; absent where no reply came. */
  readonly status?: number
  /** The server's message, for people. Never used to classify. */
  readonly message?: string
  /** The error's parameters by position, as sent: more or fewer than documented, never an error. */
  readonly params?: readonly unknown[]
  /** The server's own word on whether the same request may succeed later. Outranks every table. */
  readonly transient?: boolean
  /** Milliseconds to wait, where the body says so. Headers are read by the engine. */
  readonly retryAfter?: number
  /**
   * True where the answer names the state that the request wanted, so that there is nothing left to do (a start, and the
   * machine runs). Counts where the row is a conflict, as its `achieved` does.
   */
  readonly achieved?: boolean
  /**
   * True where the code was read out of a job's or task's record, or came after a redirect that had answered the
   * request: work had begun, so the outcome is unknown.
   */
  readonly inTask?: boolean
  /**
   * True where the reply is a record of work that has ended (a job that failed): whoever asks again sees the same. The
   * request is not repeated and no login made, whatever the code; nor does it count against the service, which answered.
   */
  readonly settled?: boolean
}
