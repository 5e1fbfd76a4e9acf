/** Ends a call that waits for a session when its client is closed: an abort, though not its caller's. */
export class ClosedError extends DOMException {
  constructor() {
    super('The client was closed before the call had a session.', 'AbortError')
  }
}
