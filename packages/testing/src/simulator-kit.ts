/** Parts of vendors' simulators: a record of calls, routes that claim requests, replies with exact headers. */
export { createRecorder, type OpenCall, type RecordedCall, type Recorder } from './calls.ts'
export { type Route, route, type Taken } from './route.ts'
export { toResponse, type WireReply } from './wire.ts'
