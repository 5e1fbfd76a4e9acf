/** The exam every vendor sits, and mock servers made from a vendor's own catalogue. It knows no vendor. */
export type { Call } from './calls.ts'
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
export { type RunningServer, type ServeOptions, serve } from './serve.ts'
export type { DocumentedError, TestFunctions, Timers, TrialRequest, VendorSuiteOptions } from './suite/options.ts'
export type { SecretReply, SecretRequest } from './suite/secret-requests.ts'
export { fakeTimers } from './suite/timers.ts'
export { vendorSuite } from './vendor-suite.ts'
export { toResponse, type Wire, type WireReply, type WriteFault } from './wire.ts'
