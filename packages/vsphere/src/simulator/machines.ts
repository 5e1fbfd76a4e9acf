import type { AuditLog } from './audit-log.ts'
import { alreadyPowered, busy, invalidArgument, notAllowed, type Problem, vmNotFound } from './problem.ts'
import type { Result } from './surface.ts'

/** Power states as vCenter spells them. */
export type PowerState = 'POWERED_ON' | 'POWERED_OFF' | 'SUSPENDED'

/** A virtual machine as `GET /api/vcenter/vm` lists it. */
export interface Vm {
  readonly vm: string
  readonly name: string
  readonly power_state: PowerState
  readonly cpu_count: number
  readonly memory_size_MiB: number
}

/** Virtual machines and their actions. */
export interface Machines {
  readonly vms: readonly Vm[]
  list(filter: { readonly names: readonly string[]; readonly powerStates: readonly string[] }): Result
  get(id: string): Result
  power(id: string): Result
  change(id: string, action: string): Result
  remove(id: string): Result
  /** Makes a machine like another one. */
  clone(source: string, name: string): Result
  /**
   * The next `times` changes of this machine are refused, because other work on it is under way.
   *
   * @throws {TypeError} for an identifier that no machine has.
   */
  occupy(id: string, times: number): void
  release(): void
}

const stateNames: Readonly<Record<PowerState, string>> = {
  POWERED_ON: 'Powered on',
  POWERED_OFF: 'Powered off',
  SUSPENDED: 'Suspended',
}

interface Action {
  readonly to: PowerState
  /** The reason why the action is not possible in a state. */
  readonly refuse: Partial<Record<PowerState, Problem>>
}

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['start', { to: 'POWERED_ON', refuse: { POWERED_ON: alreadyPowered('on') } }],
  ['stop', { to: 'POWERED_OFF', refuse: { POWERED_OFF: alreadyPowered('off') } }],
  [
    'suspend',
    {
      to: 'SUSPENDED',
      refuse: { SUSPENDED: alreadyPowered('suspended'), POWERED_OFF: notAllowed(stateNames.POWERED_OFF) },
    },
  ],
  [
    'reset',
    {
      to: 'POWERED_ON',
      refuse: { POWERED_OFF: notAllowed(stateNames.POWERED_OFF), SUSPENDED: notAllowed(stateNames.SUSPENDED) },
    },
  ],
])

/** Starts with these machines. */
export function createMachines(initial: readonly Vm[], auditLog: AuditLog): Machines {
  const vms = new Map(initial.map((vm) => [vm.vm, vm]))
  const occupied = new Map<string, number>()

  function isBusy(id: string): boolean {
    const left = occupied.get(id) ?? 0
    if (left > 0) occupied.set(id, left - 1)
    return left > 0
  }

  const withVm = (id: string, use: (vm: Vm) => Result): Result => {
    const vm = vms.get(id)
    return vm === undefined ? { problem: vmNotFound(id) } : use(vm)
  }

  return {
    get vms() {
      return [...vms.values()]
    },
    list: ({ names, powerStates }) => ({
      value: [...vms.values()].filter((vm) => has(names, vm.name) && has(powerStates, vm.power_state)),
    }),
    get: (id) =>
      withVm(id, ({ name, power_state, cpu_count, memory_size_MiB }) => ({
        value: { name, power_state, cpu: { count: cpu_count }, memory: { size_MiB: memory_size_MiB } },
      })),
    power: (id) => withVm(id, ({ power_state }) => ({ value: { state: power_state } })),
    change: (id, name) =>
      withVm(id, (vm) => {
        const action = actions.get(name)
        if (action === undefined) return { problem: invalidArgument(`No power action '${name}'.`) }
        if (isBusy(id)) return { problem: busy }
        const refusal = action.refuse[vm.power_state]
        if (refusal !== undefined) return { problem: refusal }
        vms.set(id, { ...vm, power_state: action.to })
        auditLog.done(`vm.${name}`, id)
        return {}
      }),
    remove: (id) =>
      withVm(id, (vm) => {
        if (isBusy(id)) return { problem: busy }
        if (vm.power_state === 'POWERED_ON') return { problem: notAllowed(stateNames.POWERED_ON) }
        vms.delete(id)
        auditLog.done('vm.delete', id)
        return {}
      }),
    clone: (source, name) => withVm(source, (vm) => cloneOf(vms, vm, name, auditLog)),
    occupy(id, times) {
      if (!vms.has(id)) throw new TypeError(`No machine ${id}; there are ${[...vms.keys()].join(', ')}.`)
      occupied.set(id, times)
    },
    release: () => occupied.clear(),
  }
}

function cloneOf(vms: Map<string, Vm>, vm: Vm, name: string, auditLog: AuditLog): Result {
  const id = `vm-${1_000 + vms.size}`
  vms.set(id, { ...vm, vm: id, name, power_state: 'POWERED_OFF' })
  auditLog.done('vm.clone', vm.vm)
  return { created: true, value: id }
}

/** An empty filter matches everything. */
const has = (filter: readonly string[], value: string) => filter.length === 0 || filter.includes(value)
