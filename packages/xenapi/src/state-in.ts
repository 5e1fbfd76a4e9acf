import type { WantedState } from '@holdfast/core/plugin'
import { FORMATS } from './format-fallback.ts'
import { type Format, readCall, writeCall } from './wire/call.ts'

/** A wanted state with its poll in that format: it is made without a client, with a poll in JSON. */
export function stateIn(format: Format, state: WantedState): WantedState {
  const { body } = state.request
  const call = format === 'xml-rpc' && typeof body === 'string' ? readCall(body) : undefined
  if (call === undefined) return state
  const { path, type } = FORMATS[format]
  const written = writeCall(format, call.method, call.params())
  const request = { ...state.request, path, headers: { 'content-type': type }, body: written }
  // Its functions may use their own object.
  return Object.assign(Object.create(state) as WantedState, { request })
}
