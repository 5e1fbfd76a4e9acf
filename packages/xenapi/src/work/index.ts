/** The entry for long work in XenAPI: its tasks, and states of machines and hosts to wait for. */
export { deleted, hostEnabled, poweredOff, poweredOn, suspended } from './states.ts'
export { xenapiWork } from './xenapi-work.ts'
