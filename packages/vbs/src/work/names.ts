import { urlPart, type WorkName } from '@holdfast/core/plugin'

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

/**
 * The name of work that shows in the state of a backup alone.
 *
 * @param disk the disk that is restored.
 */
export const backupNamed = (
  id: string,
  list: string,
  aim: 'created' | 'restored' | 'deleted',
  disk?: string,
): WorkName => ({
  id,
  group: list,
  pace: 'slow',
  facts: { path: pathIn(list, id), list, aim, ...(disk !== undefined && { disk }) },
})

/**
 * The name of a restoration whose backup is at rest again: the state of its disk tells what came of it. It keeps the
 * backup's identifier: the disk may have been restored from another one since.
 */
export const diskNamed = (id: string, disk: string, list: string): WorkName => {
  const path = pathIn(list.replace(/backups$/, 'volumes'), disk)
  return { id, group: path, pace: 'slow', facts: { path, backup: id, disk } }
}

const pathIn = (list: string, id: string): string => `${list}/${urlPart(id)}`
