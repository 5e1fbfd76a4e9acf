/** An error as one answer states it: read, not yet judged. */
export interface Fault {
  /** The vendor's own code, spelt as the vendor spells it (`RESOURCE_BUSY`), or a code of the built-in `http` vendor. */
  readonly code: string
  /** More precise codes beside it (vSphere's `messages[].id`), that of the caller's own error first. A row may refine by one. */
  readonly details?: readonly string[]
  /** HTTP status of the reply; absent if no reply came. */
  readonly status?: number
  /** The server's message, for people. Never used to classify. */
  readonly message?: string
  /** The error's parameters by position, as sent. There may be more or fewer than documented. */
  readonly params?: readonly unknown[]
  /** The server's own statement whether the same request may succeed later. It takes precedence over the catalogue. */
  readonly transient?: boolean
  /** Milliseconds to wait, if the body says so. Headers are read by the engine. */
  readonly retryAfter?: number
  /**
   * True if the answer says that the wanted state of the request holds already, such as for the start of a machine that runs.
   * Counts only if the row is a conflict, like the row's `achieved`.
   */
  readonly achieved?: boolean
  /**
   * True if the code was read from the record of a job or task, or came after a redirect that had answered the request: work
   * had begun, so the outcome is unknown.
   */
  readonly inTask?: boolean
  /**
   * True if the reply is the record of work that has ended, such as a job that failed: asking again shows the same. Then the
   * request is not repeated, no login is made, whatever the code, and it does not count against the service, which answered.
   */
  readonly settled?: boolean
}
