/** The exam every vendor sits, mock servers made from a vendor's own catalogue, and embedded services: vCenter, a XAPI pool, Keystone with CSBS and VBS. */
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
export type { CsbsWork } from './openstack/csbs/backups.ts'
export { type CsbsBackup, type CsbsService, csbsServer } from './openstack/csbs/csbs.ts'
export type { CsbsDurations, CsbsOptions, CsbsQuota, CsbsServer } from './openstack/csbs/options.ts'
export type { WorkFailure } from './openstack/failures.ts'
export type {
  BareStatusScope,
  CloudFaultScope,
  CloudFaults,
  CodeFaultScope,
  ThrottledScope,
} from './openstack/faults.ts'
export type { Named } from './openstack/keystone/directory.ts'
export { type Keystone, keystoneServer } from './openstack/keystone/keystone.ts'
export type { KeystoneOptions, KeystoneProject, KeystoneUser } from './openstack/keystone/options.ts'
export type { Token } from './openstack/keystone/tokens.ts'
export type { CloudExecuted } from './openstack/ledger.ts'
export type { ThrottleOptions } from './openstack/throttle.ts'
export type { StaleToken } from './openstack/token-check.ts'
export type { VbsFailure, VbsWork } from './openstack/vbs/backups.ts'
export type { VbsDurations, VbsOptions, VbsQuota, VbsVolume } from './openstack/vbs/options.ts'
export { type VbsBackup, type VbsService, vbsServer } from './openstack/vbs/vbs.ts'
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
