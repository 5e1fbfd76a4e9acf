import type { WorkName } from '../../contract/work/vendor-work.ts'
import type { VendorError } from '../../error/vendor-error.ts'

/**
 * The state of long work.
 *
 * - `pending`: accepted, not begun.
 * - `running`: under way; `progress` is from 0 to 1, if the server says.
 * - `failed`, `cancelled`: ended; `error` is what {@link Work.result} rejects with.
 * - `lost`: the server does not know it any more, or cannot be asked. It may have been done: `error.outcome` is `unknown`.
 */
export type WorkState<Result = unknown> =
  | { readonly status: 'pending' | 'running'; readonly progress?: number; readonly message?: string }
  | { readonly status: 'succeeded'; readonly progress: 1; readonly result: Result }
  | { readonly status: 'failed' | 'cancelled' | 'lost'; readonly progress?: number; readonly error: VendorError }

/** A state that does not change any more. */
export type EndState<Result = unknown> = Exclude<WorkState<Result>, { readonly status: 'pending' | 'running' }>

/** True for a state that does not change any more. */
export const hasEnded = <Result>(state: WorkState<Result>): state is EndState<Result> =>
  state.status !== 'pending' && state.status !== 'running'

/** The server's name for the present step. */
export const messageOf = (state: WorkState): string | undefined => ('message' in state ? state.message : undefined)

/** The identifier of work that ended with its start, and is not polled. */
export const ENDED = ''

/** Work as it is stored: everything that another process needs to go on with it, and no secret. */
export interface SavedWork {
  readonly vendor: string
  /** The origin at which it was begun. */
  readonly origin: string
  readonly work: WorkName
  /** The request that began it, as errors show it. */
  readonly method: string
  readonly url: string
  readonly operation: string
  readonly label?: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

/** Options of waiting for work. */
export interface WaitOptions {
  /** Milliseconds after which the waiting ends; the work itself goes on. @default false */
  readonly timeout?: number | false
  /** Ends the waiting; the work itself goes on. For `start`, the signal of its request does so, too. */
  readonly signal?: AbortSignal
  /**
   * True if an end of the waiting, by time or signal, is to cancel the work at the server, best effort. Before the start was
   * answered there is nothing that could be cancelled. @default false
   */
  readonly cancelOnAbort?: boolean
}

/** Long work at a server. It is polled while somebody waits: for `result`, in a loop over it, or with `on`. */
export interface Work<Result = unknown> extends AsyncIterable<WorkState<Result>> {
  /** The server's own identifier; empty if the work ended with its start. */
  readonly id: string
  /** The last state that was seen. */
  readonly state: WorkState<Result>
  /** From 0 to 1, if the server says. */
  readonly progress: number | undefined
  /**
   * The result, once there is one.
   *
   * @throws {VendorError} when the work failed, was cancelled or is lost. `mayBeDone` says whether something may have been
   *   done.
   * @throws {DOMException} a `TimeoutError` when the `timeout` of the waiting is over.
   * @throws the reason of the signal.
   */
  readonly result: Promise<Result>
  /**
   * Calls a listener with each state from now on, until the returned function is called or the work has ended. What the listener
   * throws is ignored.
   */
  on(listener: (state: WorkState<Result>) => void): () => void
  /**
   * Asks the server to cancel, and waits for the end: `cancelled`, or the state in which the work had ended before. If the waiting
   * had ended, it begins again, without the signal.
   *
   * @throws {VendorError} when the server does not cancel it; it goes on.
   * @throws {TypeError} where the API cannot cancel such work.
   */
  cancel(): Promise<EndState<Result>>
  /**
   * For `JSON.stringify`: `client.work(JSON.parse(text))` goes on with it, in another process as well. For work that ended with
   * its start, the end is kept, but not the result.
   */
  toJSON(): SavedWork
}
