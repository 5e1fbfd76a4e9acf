/** The reason of whatever ends because a client is closed. */
export class ClosedError extends DOMException {
  constructor() {
    super('The client was closed.', 'AbortError')
  }
}

/** Nothing was sent, for nobody waited for it any more: whoever has come since begins anew. */
export class UnwantedLogin extends Error {}
