import type { Condition } from './condition.ts'

/** Importance of a call, in scenarios that distinguish calls by it. */
export type Priority = 'low' | 'normal' | 'high'

/** A scenario of servers whose condition changes, and of clients that go on calling. */
export interface Scenario {
  readonly name: string
  readonly title: string
  /** Seconds during which calls begin. */
  readonly seconds: number
  readonly clients: number
  /** Calls a second, as a share of what all servers can do without a fault. */
  readonly load: number
  /** The seconds of the fault. Calls that begin and end within a second of this range count as met by it. */
  readonly fault: Span
  /** The conditions of the servers at first; most scenarios have one. */
  readonly servers: readonly Condition[]
  readonly changes: readonly Change[]
  /** The servers are paths of one host instead of hosts of their own. */
  readonly isOneHost?: boolean
  readonly method?: 'GET' | 'PUT' | 'POST'
  /** Calls a second beyond the load, as a share of the capacity. */
  readonly surge?: Span & { readonly load: number }
  /** Sessions end at these seconds. */
  readonly sessionsEnd?: readonly number[]
  /** Mean seconds for which the object of each call is busy. */
  readonly busy?: number
  /** Shares of calls by importance. */
  readonly priorities?: Readonly<Record<Priority, number>>
}

/** A range of seconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A change of a server's condition. */
export interface Change {
  /** Seconds. */
  readonly at: number
  readonly to: Partial<Condition>
  /** @default the first server */
  readonly server?: number
}
