import { urlPart, type WorkName } from '@holdfast/core/plugin'

/**
 * The name of a job. Each job is polled by itself.
 *
 * @param verify the line that says how to find out how it ended.
 */
export const jobNamed = (id: string, path: string, verify?: string): WorkName => ({
  id,
  group: id,
  pace: 'slow',
  facts: { path, ...(verify !== undefined && { verify }) },
})

/**
 * The name of work that shows only in the state of a backup.
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
 * The name of a restoration whose backup is at rest again, so that the state of its disk shows the end. It keeps the backup's
 * identifier, because the disk may have been restored from another backup since.
 */
export const diskNamed = (id: string, disk: string, list: string): WorkName => {
  const path = pathIn(list.replace(/backups$/, 'volumes'), disk)
  return { id, group: path, pace: 'slow', facts: { path, backup: id, disk } }
}

const pathIn = (list: string, id: string): string => `${list}/${urlPart(id)}`
