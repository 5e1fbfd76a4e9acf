/** A Cloud Server Backup Service in memory, written from the documents alone: it shares nothing with the parser that reads it. */
export type { CsbsWork } from './backups.ts'
export { type CsbsBackup, type CsbsService, csbsServer } from './csbs.ts'
export type { CsbsDurations, CsbsQuota, CsbsServer, CsbsSimulatorOptions } from './options.ts'
