import type { EndpointSet } from './endpoint-set.ts'

/** The hosts that one call has been to, and the one to which a reply has re-routed it. */
export class Route {
  #tried: Set<string> | undefined
  /** The endpoint that was active when a reply named another host, that host, and the time, until it has answered. */
  #reroute: { readonly from: string; readonly to: string; readonly at: number } | undefined

  /**
   * True at a host that a reply has named and that has not answered yet: only this call goes there. Not once the active endpoint has
   * served a call that began later: then the reply was about a state that is over.
   */
  isUnconfirmed({ servedFrom }: EndpointSet): boolean {
    return this.#reroute !== undefined && servedFrom <= this.#reroute.at
  }

  /** True if the call has been to that host, and left it. */
  hasTried(origin: string): boolean {
    return this.#tried?.has(origin) ?? false
  }

  /** Notes that the call leaves a host. */
  markTried(origin: string): void {
    this.#tried ??= new Set()
    this.#tried.add(origin)
  }

  /** Notes that a reply has re-routed the call to a host, at a time in monotonic milliseconds. */
  rerouteTo(endpoints: EndpointSet, to: string, at: number): void {
    this.#reroute = { from: endpoints.active, to, at }
    endpoints.markSentAway(at)
  }

  /** Notes that the call goes to the active endpoint, and no longer to a host that a reply has named. */
  leaveReroute(): void {
    this.#reroute = undefined
  }

  /** Makes the host that a reply has named, and that has answered, the active endpoint. */
  confirm(endpoints: EndpointSet): void {
    if (this.#reroute !== undefined) endpoints.setActive(this.#reroute.to, this.#reroute.from)
    this.#reroute = undefined
  }

  /** Makes the next endpoint the active one, because this one does not answer. */
  markUnreachable(endpoints: EndpointSet, origin: string): void {
    // A host that a reply has named becomes active first, so that the endpoint after it is next.
    this.confirm(endpoints)
    endpoints.failOver(origin)
  }
}
