/** A vCenter in memory, written from the vendor's documents alone: it shares nothing with the parser that reads it. */
export type { Executed } from './audit-log.ts'
export type { FaultScope } from './faults.ts'
export type { PowerState, Vm } from './machines.ts'
export type { VcenterSimulatorOptions } from './options.ts'
export { type OutageOptions, type VCenter, vcenter } from './vcenter.ts'
export type { DropScope, VCenterFaults } from './vcenter-faults.ts'
