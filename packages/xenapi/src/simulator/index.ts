/** A XAPI pool in memory, written from the vendor's documents alone: it shares nothing with the parser that reads it. */
export type { XapiExecuted } from './audit-log.ts'
export type { StatusFaultScope, XapiFaultScope, XapiFaults } from './faults.ts'
export type { XapiHostSpec, XapiSimulatorOptions, XapiVmSpec } from './options.ts'
export type { XapiCall } from './record.ts'
export type { XapiPowerState } from './records.ts'
export { type XapiHost, type XapiPool, xapi } from './xapi.ts'
