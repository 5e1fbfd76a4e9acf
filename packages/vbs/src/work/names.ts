import type { WorkName } from '@holdfast/core/plugin'

/**
 * The name of a job. No question is about several of them.
 *
 * @param verify the line that says how to find out what came of it.
 */
export const jobNamed = (id: string, path: string, verify?: string): WorkName => ({
  id,
  group: id,
  pace: 'slow',
  facts: { path, ...(verify !== undefined && { verify }) },
})

/** The name of work that shows in the state of a backup alone. */
export const backupNamed = (id: string, list: string, aim: 'created' | 'restored' | 'deleted'): WorkName => ({
  id,
  group: list,
  pace: 'slow',
  facts: { path: `${list}/${encodeURIComponent(id.toWellFormed())}`, list, aim },
})
