/** What ends a call that waits for a session when its client is closed: an abort, if none of its caller's own. */
export class ClosedError extends DOMException {
  constructor() {
    super('The client was closed before the call had a session.', 'AbortError')
  }
}
