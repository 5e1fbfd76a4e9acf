/** The power state that a method brings a machine to (ocaml/xapi/xapi_vm.ml). `start_on` and `resume_on` need a host, too. */
const wanted: ReadonlyMap<string, string> = new Map([
  ['VM.start', 'running'],
  ['VM.resume', 'running'],
  ['VM.unpause', 'running'],
  ['VM.pause', 'paused'],
  ['VM.suspend', 'suspended'],
  ['VM.shutdown', 'halted'],
  ['VM.clean_shutdown', 'halted'],
  ['VM.hard_shutdown', 'halted'],
  ['VM.power_state_reset', 'halted'],
])
/** True for a method that brings a machine to a state, whoever calls it. */
export const aimsAtState = (method: string): boolean => wanted.has(method)

const mayStartPaused = new Set(['VM.start', 'VM.resume'])

/**
 * True if the error of a power operation names the wanted state itself: `VM.start`, and the machine runs.
 *
 * @param method the method that ran, without `Async.`.
 * @param given its parameters after the session: the machine, then for a start whether it is to stay paused.
 */
export function holdsWantedState(
  method: string,
  given: readonly unknown[],
  { code, params }: { readonly code: string; readonly params?: readonly unknown[] },
): boolean {
  if (code !== 'VM_BAD_POWER_STATE' || params === undefined) return false
  const [machine, , actual] = params
  const isPaused = mayStartPaused.has(method) && isTrue(given[1])
  const state = isPaused ? 'paused' : wanted.get(method)
  return state !== undefined && machine === given[0] && typeof actual === 'string' && actual.toLowerCase() === state
}

/** True for what XAPI reads as `true`. */
export const isTrue = (value: unknown): boolean => value === true || value === 1 || value === '1' || value === 'true'
