/** The entry for long work in vSphere: its tasks, and states of machines to wait for. */
export { deleted, poweredOff, poweredOn, suspended, toolsRunning } from './states.ts'
export { vsphereWork } from './vsphere-work.ts'
