import { OptionsError } from '../error/options-error.ts'
import { type Check, members, millisecondsOrFalse, ofType, whole } from '../options/check.ts'
import type { WaitOptions } from './running/work-state.ts'

const signal: Check = (value, path) => {
  if (!(value instanceof AbortSignal)) throw new OptionsError(path, 'must be an `AbortSignal`.')
}
const waiting = { timeout: millisecondsOrFalse, signal }

/** The checks of the options of waiting. Each throws an `OptionsError` that names the option at fault. */
export const checks: Readonly<Record<'wait' | 'until' | 'each', Check>> = {
  wait: members({ ...waiting, cancelOnAbort: ofType('boolean') }),
  until: members(waiting),
  each: members({ concurrency: whole(1), signal, onProgress: ofType('function') }),
}

/** Options of waiting, with the signal of the request as well. */
export function withSignal<Options extends WaitOptions>(
  options: Options,
  own: AbortSignal | null | undefined,
): Options {
  if (!own) return options
  return { ...options, signal: options.signal === undefined ? own : AbortSignal.any([options.signal, own]) }
}
