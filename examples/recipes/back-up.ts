/** A volume is backed up, and the backup waited for: by its job, which fails with the code of the step that failed. */
import type { WorkingFetch } from '@holdfast/core/work'
import type { VbsRow } from '@holdfast/vbs'

/** Backs a volume up and returns the identifier of the backup. The client is made with `withWork(resilient(…), vbsWork)`. */
export async function backUp(
  backups: WorkingFetch<VbsRow>,
  api: string,
  volume: string,
  name: string,
): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ backup: { volume_id: volume, name } })
  const work = await backups.start<{ backup_id: string }>(`${api}/cloudbackups`, { method: 'POST', headers, body })
  return (await work.result).backup_id
}
