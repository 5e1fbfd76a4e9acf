import { identifier, type StateAnswer, type WantedState, type WorkRequest } from '@holdfast/core/plugin'
import { FORMATS } from '../format-fallback.ts'
import { sessionPlaceholder } from '../placeholder.ts'
import { readAnswer } from '../wire/answer.ts'
import { writeCall } from '../wire/call.ts'

function call(method: string, ref: string): WorkRequest {
  const { path, type } = FORMATS['json-rpc-2.0']
  const body = writeCall('json-rpc-2.0', method, [sessionPlaceholder, identifier(ref)])
  return { path, method: 'POST', headers: { 'content-type': type }, body }
}

function valueIn({ reply }: StateAnswer): unknown {
  const answer = reply === undefined ? undefined : readAnswer(reply.text)
  return answer?.type === 'success' ? answer.value : undefined
}

const powerIs = (vm: string, state: string): WantedState => ({
  name: `${vm} is ${state.toLowerCase()}`,
  request: call('VM.get_power_state', vm),
  holds: (answer) => valueIn(answer) === state,
})

/**
 * A virtual machine that is halted.
 *
 * @param vm its reference.
 * @example
 * await xen.until(poweredOff(ref), { timeout: 60_000 })
 */
export const poweredOff = (vm: string): WantedState => powerIs(vm, 'Halted')

/** A virtual machine that runs. */
export const poweredOn = (vm: string): WantedState => powerIs(vm, 'Running')

/** A virtual machine that is suspended. */
export const suspended = (vm: string): WantedState => powerIs(vm, 'Suspended')

/** A virtual machine that the pool does not know any more. */
export const deleted = (vm: string): WantedState => ({
  name: `${vm} is deleted`,
  request: call('VM.get_power_state', vm),
  holds: ({ code }) => code === 'HANDLE_INVALID',
})

/** A host that may run machines: its toolstack has started and nobody has disabled it. */
export const hostEnabled = (host: string): WantedState => ({
  name: `${host} is enabled`,
  request: call('host.get_enabled', host),
  pace: 'slow',
  holds: (answer) => valueIn(answer) === true,
})
