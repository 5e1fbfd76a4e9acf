import type { EndpointSet } from './endpoint-set.ts'

/** The hosts that one call has been at, and the one that a reply has sent it to. */
export class Route {
  #tried: Set<string> | undefined
  /** The endpoint that was active when a reply named another host, and that host, until it has answered for itself. */
  #reroute: { readonly from: string; readonly to: string } | undefined

  /** True at a host that a reply has named and that has not shown yet that it serves: only this call goes there. */
  get isUnconfirmed(): boolean {
    return this.#reroute !== undefined
  }

  /** True if the call has been at that host, and gone on. */
  hasTried(origin: string): boolean {
    return this.#tried?.has(origin) ?? false
  }

  /** Notes that the call goes on from a host. */
  markTried(origin: string): void {
    this.#tried ??= new Set()
    this.#tried.add(origin)
  }

  /** Notes that a reply has sent the call to a host. */
  rerouteTo(endpoints: EndpointSet, to: string): void {
    this.#reroute = { from: endpoints.active, to }
  }

  /** Makes the host that a reply has named the active endpoint: it has answered, so later calls go there at once. */
  confirm(endpoints: EndpointSet): void {
    if (this.#reroute !== undefined) endpoints.setActive(this.#reroute.to, this.#reroute.from)
    this.#reroute = undefined
  }

  /** Has the next endpoint asked, for nobody answers at this one. */
  markUnreachable(endpoints: EndpointSet, origin: string): void {
    // The host that a reply has named takes the place first: the next one after it is asked.
    this.confirm(endpoints)
    endpoints.failOver(origin)
  }
}
