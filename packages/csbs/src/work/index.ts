/** The entry for long work in CSBS: backups, restorations and deletions, and states of backups to wait for. */
export { csbsWork } from './csbs-work.ts'
export { backupAvailable, backupDeleted } from './states.ts'
