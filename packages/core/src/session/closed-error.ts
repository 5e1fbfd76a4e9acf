/** The reason of whatever ends because a client is closed. */
export class ClosedError extends DOMException {
  constructor() {
    super('The client was closed.', 'AbortError')
  }
}
