import pMap from 'p-map'
import { tell } from '../state/tell.ts'

/** The result for one item; `skipped` if it was not begun because of an abort. */
export type EachResult<Item, Value> =
  | { readonly status: 'succeeded'; readonly item: Item; readonly value: Value }
  | { readonly status: 'failed'; readonly item: Item; readonly error: unknown }
  | { readonly status: 'skipped'; readonly item: Item }

/** Counts of a run over many items. */
export interface EachProgress {
  readonly total: number
  readonly succeeded: number
  readonly failed: number
}

/** Options of a run over many items. */
export interface EachOptions {
  /** Largest number of items that are under way at a time. @default 8 */
  readonly concurrency?: number
  /** An abort lets no further item begin; those under way are not stopped. */
  readonly signal?: AbortSignal
  /** Called after each item. */
  readonly onProgress?: (progress: EachProgress) => void
}

/** Runs a function for every item, a limited number at a time. No failure stops the others. */
export async function each<Item, Value>(
  items: Iterable<Item>,
  { concurrency = 8, signal, onProgress }: EachOptions,
  fn: (item: Item, index: number) => Value | PromiseLike<Value>,
  closing: AbortSignal,
): Promise<EachResult<Item, Value>[]> {
  const all = [...items]
  const counts = { total: all.length, succeeded: 0, failed: 0 }
  const run = async (item: Item, index: number): Promise<EachResult<Item, Value>> => {
    if (signal?.aborted || closing.aborted) return { status: 'skipped', item }
    let result: EachResult<Item, Value>
    try {
      result = { status: 'succeeded', item, value: await fn(item, index) }
    } catch (error) {
      result = { status: 'failed', item, error }
    }
    counts[result.status === 'succeeded' ? 'succeeded' : 'failed']++
    if (onProgress !== undefined) tell(onProgress, { ...counts })
    return result
  }
  return pMap(all, run, { concurrency })
}
