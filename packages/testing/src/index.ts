/** The exam every vendor sits, mock servers made from a vendor's own catalogue, an embedded vCenter and an embedded XAPI pool. */
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
export { fakeTimers } from './suite/timers.ts'
export type { FaultScope } from './vcenter/faults.ts'
export type { Executed } from './vcenter/ledger.ts'
export type { PowerState, Vm } from './vcenter/machines.ts'
export type { VCenterOptions } from './vcenter/options.ts'
export { type OutageOptions, type VCenter, vcenter } from './vcenter/vcenter.ts'
export { vendorSuite } from './vendor-suite.ts'
export { toResponse, type Wire, type WireReply, type WriteFault } from './wire.ts'
export type { StatusFaultScope, XapiFaultScope, XapiFaults } from './xapi/faults.ts'
export type { XapiExecuted } from './xapi/ledger.ts'
export type { XapiHostSpec, XapiOptions, XapiVmSpec } from './xapi/options.ts'
export type { XapiCall } from './xapi/record.ts'
export type { XapiPowerState } from './xapi/records.ts'
export { type XapiHost, type XapiPool, xapi } from './xapi/xapi.ts'
