/** The conformance suite, which every vendor must pass, and mock servers made from a vendor's own catalogue. It knows no vendor. */
export type { RecordedCall } from './calls.ts'
export type { FaultDetail } from './fault-of.ts'
export { fetchFrom } from './fetch-from.ts'
export { type MockVendor, type MockVendorOptions, mockVendor, type Scripted } from './mock/mock-vendor.ts'
export {
  type Answer,
  drop,
  type FailOptions,
  fail,
  hang,
  type OkOptions,
  ok,
  pass,
  reply,
  type Script,
  type StatusOptions,
  type Step,
  type StepOptions,
  status,
} from './mock/step.ts'
export { type OptionsSuiteOptions, optionsSuite, type WrongOptions } from './options-suite.ts'
export { readBack } from './read-back.ts'
export { type RunningServer, type ServeOptions, serve } from './serve.ts'
export type { TestFunctions } from './suite/functions.ts'
export type { CaseRequest, DocumentedError, Timers, VendorSuiteOptions } from './suite/options.ts'
export type { SecretReply, SecretRequest } from './suite/secret-requests.ts'
export { fakeTimers } from './suite/timers.ts'
export { vendorSuite } from './vendor-suite.ts'
export { toResponse, type Wire, type WireReply, type WriteFault } from './wire.ts'
