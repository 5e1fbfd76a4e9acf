/** Parts for vendors' simulators: checked options, a record of calls, routes that claim requests, replies with exact headers. */
export { httpUrl, listOf, members, OptionsError, ofType, oneOf, text } from '@holdfast/core/plugin'
export { createRecorder, type OpenCall, type RecordedCall, type Recorder } from './calls.ts'
export { type Route, route, type Taken } from './route.ts'
export {
  baseOf,
  type ChecksOf,
  checkSettings,
  count,
  duration,
  eachMember,
  entriesOf,
  given,
  namesOr,
  replyStatus,
  textOrPattern,
  whenOfFault,
} from './simulator-options.ts'
export { toResponse, type WireReply } from './wire.ts'
