/** A Volume Backup Service in memory, written from the documents alone: it shares nothing with the parser that reads it. */
export type { VbsFailure, VbsWork } from './backups.ts'
export type { VbsDurations, VbsQuota, VbsSimulatorOptions, VbsVolume } from './options.ts'
export { type VbsBackup, type VbsService, vbsServer } from './vbs.ts'
