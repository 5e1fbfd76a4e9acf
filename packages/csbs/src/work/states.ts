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
    path: `/v1/${urlPart(identifier(project))}/checkpoint_items/${urlPart(identifier(id))}`,
  },
  pace: 'slow',
  ...seen,
})

const stateIn = (body: unknown): unknown => objectOf(objectOf(body)?.checkpoint_item)?.status

/**
 * A backup (a `checkpoint_item`) that can be restored from.
 *
 * @param project identifier of the project, as in the paths of its calls.
 * @example
 * await backups.until(backupAvailable(id, project), { timeout: 3_600_000 })
 */
export const backupAvailable = (id: string, project: string): WantedState =>
  backupIs(id, project, 'available', {
    holds: ({ body }) => stateIn(body) === 'available',
    faultIn: ({ reply, fault }) =>
      reply !== undefined ? failureIn200('backup', reply) : fault?.settled ? fault : undefined,
  })

/** A backup (a `checkpoint_item`) that CSBS does not know any more, or shows as `deleted`. */
export const backupDeleted = (id: string, project: string): WantedState =>
  backupIs(id, project, 'deleted', {
    holds: (answer) => isNotFound(answer) || stateIn(answer.body) === 'deleted',
  })
