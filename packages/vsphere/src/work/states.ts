import { identifier, objectOf, urlPart, type WantedState } from '@holdfast/core/plugin'
import { isNotFound } from '../not-found.ts'

const machine = (vm: string): string => `/api/vcenter/vm/${urlPart(identifier(vm))}`

const powerIs = (vm: string, state: string, words: string): WantedState => ({
  name: `${vm} is ${words}`,
  request: { path: `${machine(vm)}/power` },
  holds: ({ body }) => objectOf(body)?.state === state,
})

/**
 * A virtual machine that is powered off.
 *
 * @example
 * await vcenter.until(poweredOff('vm-7'), { timeout: 60_000 })
 */
export const poweredOff = (vm: string): WantedState => powerIs(vm, 'POWERED_OFF', 'powered off')

/** A virtual machine that is powered on. */
export const poweredOn = (vm: string): WantedState => powerIs(vm, 'POWERED_ON', 'powered on')

/** A virtual machine that is suspended. */
export const suspended = (vm: string): WantedState => powerIs(vm, 'SUSPENDED', 'suspended')

/** A virtual machine that vCenter does not know any more. */
export const deleted = (vm: string): WantedState => ({
  name: `${vm} is deleted`,
  request: { path: machine(vm) },
  holds: ({ fault }) => fault !== undefined && isNotFound(fault),
})

/**
 * A guest in which VMware Tools run, so that requests about its file system, network and processes work.
 *
 * Source: `GET /api/vcenter/vm/{vm}/tools`, `run_state`.
 */
export const toolsRunning = (vm: string): WantedState => ({
  name: `VMware Tools run in ${vm}`,
  request: { path: `${machine(vm)}/tools` },
  holds: ({ body }) => objectOf(body)?.run_state === 'RUNNING',
})
