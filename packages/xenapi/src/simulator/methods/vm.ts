import { newRef, nullRef, type XapiPowerState } from '../records.ts'
import { refuse } from '../refusal.ts'
import type { State } from '../state.ts'
import { double, ocamlFloat, type Struct } from '../value.ts'
import { type Asked, type Method, type Methods, text } from './method.ts'

interface PowerAction {
  /** In the order in which an error names them. */
  readonly from: readonly XapiPowerState[]
  readonly to: XapiPowerState
  /** Parameters after the machine. @default none */
  readonly more?: number
}

const powerActions: Readonly<Record<string, PowerAction>> = {
  start: { from: ['Halted'], to: 'Running', more: 2 },
  start_on: { from: ['Halted'], to: 'Running', more: 3 },
  resume: { from: ['Suspended'], to: 'Running', more: 2 },
  pause: { from: ['Running'], to: 'Paused' },
  unpause: { from: ['Paused'], to: 'Running' },
  suspend: { from: ['Running'], to: 'Suspended' },
  clean_shutdown: { from: ['Running'], to: 'Halted' },
  clean_reboot: { from: ['Running'], to: 'Running' },
  hard_shutdown: { from: ['Paused', 'Suspended', 'Running'], to: 'Halted' },
  hard_reboot: { from: ['Paused', 'Running'], to: 'Running' },
}

/** Methods about machines. */
export function vmMethods(state: State): Methods {
  const { database } = state
  return {
    ...Object.fromEntries(Object.entries(powerActions).map(([name, action]) => power(state, name, action))),
    'VM.clone': copying(state, 'VM.clone', false),
    'VM.snapshot': copying(state, 'VM.snapshot', true),
    'VM.destroy': acting(state, 'VM.destroy', [1, 1], (ref, vm) => {
      assertState(ref, vm, ['Halted'])
      database.remove('VM', ref)
      return ''
    }),
    'VM.call_plugin': callPlugin(state),
    'VM.query_data_source': queryDataSource(state),
  }
}

function power(state: State, name: string, { from, to, more = 0 }: PowerAction): [string, Method] {
  const method = acting(state, `VM.${name}`, [1 + more, 1 + more], (ref, vm) => {
    assertState(ref, vm, from)
    const isUp = to === 'Running' || to === 'Paused'
    state.database.change('VM', ref, { power_state: to, resident_on: isUp ? (vm.affinity ?? nullRef) : nullRef })
    return ''
  })
  return [`VM.${name}`, method]
}

const copying = ({ database, ...state }: State, name: string, isSnapshot: boolean): Method =>
  acting({ database, ...state }, name, [2, 2], (_, vm, asked) => {
    const ref = newRef()
    const changed = { name_label: text(asked, 1, 'new_name'), is_a_snapshot: isSnapshot, power_state: 'Halted' }
    database.add('VM', ref, { ...vm, ...changed, uuid: crypto.randomUUID(), resident_on: nullRef })
    return ref
  })

type Act = (ref: string, vm: Struct, asked: Asked) => string

/** Work on one machine, refused while too much other work waits. */
function acting({ database, tasks }: State, name: string, takes: Method['takes'], act: Act): Method {
  return {
    takes,
    async: true,
    run(asked) {
      const ref = text(asked, 0, 'vm')
      const vm = database.get('VM', ref)
      tasks.assertRoom()
      const value = act(ref, vm, asked)
      asked.done(name, ref)
      return value
    },
  }
}

function callPlugin(state: State): Method {
  const called = new Map<string, number>()
  const { pluginInterval } = state.settings
  return acting(state, 'VM.call_plugin', [4, 4], (ref, vm) => {
    assertState(ref, vm, ['Running'])
    const left = (called.get(ref) ?? Number.NEGATIVE_INFINITY) + pluginInterval - Date.now()
    if (left > 0) {
      refuse('VM_CALL_PLUGIN_RATE_LIMIT', ref, ocamlFloat(pluginInterval / 1000), ocamlFloat(left / 1000))
    }
    called.set(ref, Date.now())
    return 'True'
  })
}

/** A missing measurement is NaN, in JSON, too. */
const queryDataSource = ({ database }: State): Method => ({
  takes: [2, 2],
  run(asked) {
    const { power_state } = database.get('VM', text(asked, 0, 'self'))
    return double(power_state === 'Running' ? 0.25 : Number.NaN)
  },
})

function assertState(ref: string, { power_state }: Struct, allowed: readonly XapiPowerState[]): void {
  if (allowed.some((power) => power === power_state)) return
  refuse('VM_BAD_POWER_STATE', ref, allowed.join(', ').toLowerCase(), String(power_state).toLowerCase())
}
