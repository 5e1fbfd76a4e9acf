/** The entry for long work in VBS: its jobs, its backups of OpenStack's own kind, and states of backups to wait for. */
export { backupAvailable, backupDeleted } from './states.ts'
export { vbsWork } from './vbs-work.ts'
