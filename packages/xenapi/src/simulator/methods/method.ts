import type { Done } from '../audit-log.ts'
import type { Host } from '../hosts.ts'
import { refuse } from '../refusal.ts'
import type { Value } from '../value.ts'

/** A call as a method sees it. */
export interface Asked {
  readonly host: Host
  /** Empty for a method that needs none. */
  readonly session: string
  /** Parameters after the session. */
  readonly args: readonly Value[]
  /** Aborted when the caller has gone or the host's process has ended. */
  readonly signal: AbortSignal
  readonly done: Done
}

/** One method of the API. */
export interface Method {
  /** Fewest and most parameters after the session. */
  readonly takes: readonly [least: number, most: number]
  /** The sessions that it accepts. @default 'pool' */
  readonly session?: 'pool' | 'local' | 'none'
  /** True for a method that can be called as `Async.*`. */
  readonly async?: true
  /** True for a method that answers in emergency mode, too. */
  readonly emergency?: true
  /** Carries it out; `''` is the value of a method without a result. */
  run(asked: Asked): Value | Promise<Value>
}

/** Methods by name. */
export type Methods = Readonly<Record<string, Method>>

/** A parameter that must be text: a reference, a name. */
export function text(asked: Asked, index: number, name: string): string {
  const value = asked.args[index]
  return typeof value === 'string' ? value : refuse('FIELD_TYPE_ERROR', name)
}

/** The same, if it may be left out. */
export const optionalText = (asked: Asked, index: number, name: string): string =>
  asked.args[index] === undefined ? '' : text(asked, index, name)
