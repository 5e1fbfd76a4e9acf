import type { ErrorRow } from '@holdfast/core/plugin'

const docs = 'opentelekomcloud-docs/volume-backup-service api-ref/source/api_description'

/** Failures that the service sends without a code. */
export const codeless = [
  {
    code: 'JOB_FAILED',
    status: 200,
    kind: 'fatal',
    outcome: 'unknown',
    hint: 'See why in the message, and what the job has left behind, before starting the work again.',
    source: `${docs}/vbs_backups/querying_the_job_status.rst`,
    why: 'No cause is given that says more; the job stays as it is, however often it is looked at.',
  },
  {
    code: 'RESOURCES_FAILED',
    status: 200,
    kind: 'fatal',
    outcome: 'unknown',
    hint: 'Some disks stay as they were: see which, look at their state, and send these alone again.',
    source: `${docs}/backup_policies/associating_resources_with_a_backup_policy.rst`,
    why: 'The others are done, and no cause is given.',
  },
  {
    code: 'BACKUP_FAILED',
    status: 200,
    kind: 'fatal',
    outcome: 'unknown',
    hint: 'See why in the message; delete what is left of the backup, then make another.',
    source: `${docs}/vbs_backups/querying_details_about_a_vbs_backup_native_openstack_api.rst`,
    why: 'The backup stays as it is, however often it is looked at.',
  },
  {
    code: 'RESTORE_FAILED',
    status: 200,
    kind: 'fatal',
    outcome: 'unknown',
    hint: 'See why in the message, and in which state the disk is, before restoring again.',
    source: `${docs}/vbs_backups/querying_details_about_a_vbs_backup_native_openstack_api.rst`,
    why: 'The record stays as it is, however often it is looked at.',
  },
] as const satisfies readonly ErrorRow[]
