/** The reason of whatever ends because a client is closed. */
export class ClosedError extends DOMException {
  constructor() {
    super('The client was closed.', 'AbortError')
  }
}

/** Nothing was sent, because nobody waited for the login any more. A caller that has come since begins a new one. */
export class UnwantedLogin extends Error {}
