import { identifier, objectOf, urlPart, type WantedState } from '@holdfast/core/plugin'
import { isNotFound } from '@holdfast/openstack'
import { failureIn200 } from '../failures-in-200.ts'

const backupIs = (
  id: string,
  project: string,
  words: string,
  seen: Pick<WantedState, 'holds' | 'faultIn'>,
): WantedState => ({
  name: `backup ${id} is ${words}`,
  request: {
    path: `/v2/${urlPart(identifier(project))}/backups/${urlPart(identifier(id))}`,
  },
  pace: 'slow',
  ...seen,
})

/**
 * A backup that can be restored from.
 *
 * @param project identifier of the project, as in the paths of its calls.
 * @example
 * await backups.until(backupAvailable(id, project), { timeout: 3_600_000 })
 */
export const backupAvailable = (id: string, project: string): WantedState =>
  backupIs(id, project, 'available', {
    holds: ({ body }) => objectOf(objectOf(body)?.backup)?.status === 'available',
    faultIn: ({ reply, fault }) =>
      reply !== undefined ? failureIn200('backup', reply) : fault?.settled ? fault : undefined,
  })

/** A backup that VBS does not know any more. */
export const backupDeleted = (id: string, project: string): WantedState =>
  backupIs(id, project, 'deleted', { holds: isNotFound })
