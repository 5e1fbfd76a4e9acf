/** Bytes before the input in the memory that a worker shares: a number that grows, and the input's length. */
export const HEAD = 8
/** Bytes of an input that are shared. */
export const SHARED = 65_536

/** The orders of a worker. */
export interface Orders {
  readonly target: string
  readonly seconds: number
  readonly seed: number
  readonly keeps: boolean
  readonly memory: SharedArrayBuffer
}

/** The words of a worker. */
export type WorkerMessage =
  | { readonly type: 'found'; readonly input: Uint8Array; readonly error: string }
  | {
      readonly type: 'ended'
      readonly executions: number
      readonly kept: number
      /** Of the characters of the sources that the target names. */
      readonly share: number
      readonly characters: number
    }
