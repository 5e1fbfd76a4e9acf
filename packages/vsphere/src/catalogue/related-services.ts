import type { ErrorRow } from '@holdfast/core/plugin'
import { each } from './web-services.ts'

/** The rows rest on the comments of these files, which are VMware's texts. */
const types =
  'developer.broadcom.com Storage Policy, Storage Monitoring, Virtual Storage Object and ESX Agent Manager APIs; vmware/govmomi pbm, sms, vslm and eam/types/types.go'

/** The faults of the services beside the Web Services API: `/pbm`, `/sms`, `/vslm` and `/eam`. */
export const relatedServices = [
  ...each(['EamInvalidLogin', 'InvalidSession', 'PbmFaultInvalidLogin', 'SmsInvalidLogin'], {
    status: 500,
    kind: 'auth',
    outcome: 'rejected',
    reauth: false,
    hint: 'Log in again at vCenter: this service does not accept the session or token that was shown.',
    source: types,
    why: 'The session is the caller’s own: this client logs in to the Automation API alone, which would not cure it.',
  }),
  ...each(['NotAuthorized', 'PbmFaultNoPermission'], {
    status: 500,
    kind: 'auth',
    outcome: 'rejected',
    reauth: false,
    hint: 'Have the missing privilege granted.',
    source: types,
    why: 'A right that a grant would give; a new session has the same ones.',
  }),
  ...each(['EamServiceNotInitialized', 'NoConnectionToVCenter', 'ServiceNotInitialized'], {
    status: 500,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    trips: true,
    hint: 'The service has not started completely, or does not reach vCenter: come back in minutes.',
    source: types,
    why: 'It is not ready to process any request.',
  }),
  ...each(['SyncInProgress', 'SyncOngoing'], {
    status: 500,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    busy: true,
    hint: 'A synchronization is under way: wait for it to end.',
    source: types,
    why: 'The one under way holds the provider or group, so this one is turned away before it acts.',
  }),
  ...each(
    [
      'AuthConnectionFailed',
      'NoReplicationTarget',
      'PeerNotReachable',
      'ProviderBusy',
      'ProviderConnectionFailed',
      'ProviderSyncFailed',
      'ProviderUnavailable',
      'QueryExecutionFault',
      'VslmSyncFault',
    ],
    {
      status: 500,
      kind: 'retryable',
      outcome: 'unknown',
      pace: 'slow',
      hint: 'Check the storage provider or the peer that the fault names: it was busy, or not reached.',
      source: types,
      why: 'A peer that is busy or away, or a named step without a cause. It is not vCenter: no trip.',
    },
  ),
  ...each(['PbmAlreadyExists', 'PbmDuplicateName'], {
    status: 500,
    kind: 'conflict',
    outcome: 'rejected',
    hint: 'Use what is there, or choose another name.',
    source: types,
  }),
  ...each(['DisabledClusterFault', 'InvalidReplicationState', 'PbmResourceInUse', 'SmsResourceInUse'], {
    status: 500,
    kind: 'conflict',
    outcome: 'unknown',
    hint: 'Bring what the fault names into the state that this needs, or take away what uses it.',
    source: types,
    why: 'One request may be about several objects.',
  }),
  ...each(
    [
      'DuplicateEntry',
      'InvalidAgencyScope',
      'InvalidAgentConfiguration',
      'InvalidProfile',
      'InvalidUrl',
      'MultipleSortSpecsNotSupported',
      'PbmFaultNotFound',
      'PbmLegacyHubsNotSupported',
      'PbmNonExistentHubs',
      'ProviderNotFound',
      'QueryNotSupported',
    ],
    {
      status: 500,
      kind: 'fatal',
      outcome: 'rejected',
      hint: 'Correct what the fault names: it is invalid, not supported, or not there.',
      source: types,
    },
  ),
] as const satisfies readonly ErrorRow[]
