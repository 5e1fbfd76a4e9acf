import { parseObject, type RequestFacts, textOf } from '@holdfast/core/plugin'

/** The power state that a method of the Web Services API brings a machine to (vim.VirtualMachine). */
const wanted: ReadonlyMap<string, string> = new Map([
  ['PowerOnVM_Task', 'poweredOn'],
  ['PowerOffVM_Task', 'poweredOff'],
  ['SuspendVM_Task', 'suspended'],
  ['ShutdownGuest', 'poweredOff'],
  ['StandbyGuest', 'suspended'],
])

const inSoap = /<(?:[\w-]{1,40}:)?(PowerO(?:n|ff)VM_Task|SuspendVM_Task|ShutdownGuest|StandbyGuest)[\s>/]/
const stateInSoap = /<(?:[\w-]{1,40}:)?existingState[^<>]{0,200}>\s{0,20}(\w{1,20})/

/** True if an `InvalidPowerState` names the wanted state itself: a power-on, and the machine is on. */
export function holdsWantedState({ path, bodyText }: RequestFacts, fault: string): boolean {
  const method = path === '/sdk' ? inSoap.exec(bodyText ?? '')?.[1] : path.slice(path.lastIndexOf('/') + 1)
  const state = wanted.get(method ?? '')
  const existing = stateInSoap.exec(fault)?.[1] ?? textOf(parseObject(fault)?.existingState)
  return state !== undefined && existing === state
}
