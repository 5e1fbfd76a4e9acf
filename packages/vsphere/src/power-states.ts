import { parseObject, type RequestFacts, textOf } from '@holdfast/core/plugin'
import { methodOf } from './web-services.ts'

/** The power state that a method of the Web Services API brings a machine to (vim.VirtualMachine). */
const wanted: ReadonlyMap<string, string> = new Map([
  ['PowerOnVM_Task', 'poweredOn'],
  ['PowerOffVM_Task', 'poweredOff'],
  ['SuspendVM_Task', 'suspended'],
  ['ShutdownGuest', 'poweredOff'],
  ['StandbyGuest', 'suspended'],
])

const stateInSoap = /<(?:[\w-]{1,40}:)?existingState[^<>]{0,200}>\s{0,20}(\w{1,20})/

/** True if an `InvalidPowerState` names the wanted state itself: a power-on, and the machine is on. */
export function holdsWantedState(request: RequestFacts, fault: string): boolean {
  const existing = stateInSoap.exec(fault)?.[1] ?? textOf(parseObject(fault)?.existingState)
  return existing !== undefined && existing === wanted.get(methodOf(request) ?? '')
}
