import { bears, mark, marker } from '../error/marker.ts'

const CLOSED = /* @__PURE__ */ marker('closed')

/** The abort reason of everything that ends because a client is closed. */
export class ClosedError extends DOMException {
  constructor() {
    super('The client was closed.', 'AbortError')
    mark(this, CLOSED)
  }
}

export const isClosed = (error: unknown): boolean => bears(error, CLOSED)

/** A login that was not sent, because no call waited for it any more. A later caller begins a new one. */
export class UnwantedLogin extends Error {}
