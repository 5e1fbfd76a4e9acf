import type { ErrorRow } from '@holdfast/core/plugin'

const docs = 'opentelekomcloud-docs/cloud-server-backup-service api-ref/source/api_description'

/** Failures that the service sends without a code, or with a code in a place that its document does not name. */
export const codeless = [
  // Before the two that are documented, so that neither is chosen for a third status.
  {
    code: 'CSBS.9009',
    kind: 'fatal',
    outcome: 'rejected',
    hint: 'Read the message: with 403 it is about real-name verification, with 400 about the space asked for.',
    source:
      'opentelekomcloud-docs/cloud-server-backup-service api-ref/source/appendixes/error_codes.rst (the code stands there twice)',
    why: 'Neither meaning is cured by time, and with another status nobody knows which it is.',
  },
  {
    code: 'NOT_PROTECTABLE',
    status: 200,
    kind: 'fatal',
    outcome: 'rejected',
    hint: 'Look at the server: the service says that it cannot be backed up, and not why.',
    source: `${docs}/resource_management/querying_the_backup_capability_of_a_resource.rst`,
    why: 'No cause is given, so nothing says that time or another call lifts it.',
  },
  {
    code: 'NOT_RESTORABLE',
    status: 200,
    kind: 'fatal',
    outcome: 'rejected',
    hint: 'Look at backup and server: the service says that it cannot be restored, and not why.',
    source: `${docs}/resource_management/querying_the_restoration_capability_of_a_resource.rst`,
    why: 'No cause is given, so nothing says that time or another call lifts it.',
  },
  {
    code: 'BACKUP_FAILED',
    status: 200,
    kind: 'fatal',
    outcome: 'unknown',
    hint: 'See why in the message; delete what is left of the backup, then make another.',
    source: `${docs}/backup_management/querying_a_single_backup.rst`,
    why: 'The backup stays as it is, however often it is looked at.',
  },
  {
    code: 'RESTORE_FAILED',
    status: 200,
    kind: 'fatal',
    outcome: 'unknown',
    hint: 'See why in the message, and in which state the server is, before restoring again.',
    source: `${docs}/backup_management/querying_a_single_backup.rst`,
    why: 'The record stays as it is, however often it is looked at.',
  },
  {
    code: 'DELETE_FAILED',
    status: 200,
    kind: 'fatal',
    outcome: 'unknown',
    hint: 'See why in the message, and whether the backup is still there, before deleting again.',
    source: `${docs}/backup_management/querying_a_single_backup.rst`,
    why: 'The record stays as it is, however often it is looked at.',
  },
] as const satisfies readonly ErrorRow[]
