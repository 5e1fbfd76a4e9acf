import type { Peers } from '../trust/peers.ts'

/** The way of one call from host to host of a service. */
export class Way {
  #left: Set<string> | undefined
  /** The door that led when a reply named another host, and that host, until it has said something of its own. */
  #errand: { readonly from: string; readonly to: string } | undefined

  /** True at a host that a reply has named and that has not shown yet that it serves: nobody else goes there for that. */
  get isSentOn(): boolean {
    return this.#errand !== undefined
  }

  /** Whether the call has been at that door, and gone on. */
  hasLeft(origin: string): boolean {
    return this.#left?.has(origin) ?? false
  }

  /** The call goes on from a door. */
  leave(origin: string): void {
    this.#left ??= new Set()
    this.#left.add(origin)
  }

  /** A reply has sent the call to a host. */
  sendOn(peers: Peers, to: string): void {
    this.#errand = { from: peers.lead, to }
  }

  /** The host serves: later calls need not ask the way again. */
  arrive(peers: Peers): void {
    if (this.#errand !== undefined) peers.follow(this.#errand.to, this.#errand.from)
    this.#errand = undefined
  }

  /** Nobody is there: the next door is asked. */
  pass(peers: Peers, origin: string): void {
    this.arrive(peers)
    peers.leave(origin)
  }
}
