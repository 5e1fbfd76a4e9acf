import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/catalogue.ts'

const outcomeOf = (code: string, ...params: string[]) => catalogue.find({ code, params })?.outcome

describe('what the server may say in the midst of its work', () => {
  it.each([
    ['SR_NOT_EMPTY', 'a volume group whose links and metadata are gone'],
    ['VM_NO_SUSPEND_SR', 'a VM that HA looks after no more'],
    ['VGPU_SUSPENSION_NOT_SUPPORTED', 'a VM that HA looks after no more'],
    ['VGPU_GUEST_DRIVER_LIMIT', 'a VM that HA looks after no more'],
    ['VM_INCOMPATIBLE_WITH_THIS_HOST', 'a VM that HA looks after again'],
    ['NO_REPOSITORY_ENABLED', 'a synchronisation that has ended'],
    ['MULTIPLE_UPDATE_REPOSITORIES_ENABLED', 'a synchronisation that has ended'],
    ['INCOMPATIBLE_STATEFILE_SR', 'HA that is half on'],
    ['SR_HAS_NO_PBDS', 'HA that is half on'],
    ['VM_REQUIRES_GPU', 'a machine half imported'],
    ['VM_REQUIRES_VGPU', 'one of two cards reserved'],
    ['LOCATION_NOT_UNIQUE', 'a disk that was copied'],
    ['SR_NOT_ATTACHED', 'a mirror that has begun'],
    ['SR_OPERATION_NOT_SUPPORTED', 'an SR whose records are made'],
    ['PIF_HAS_NO_NETWORK_CONFIGURATION', 'a PIF that was plugged'],
    ['PUSB_VDI_CONFLICT', 'one of two disks forgotten'],
    ['VDI_INCOMPATIBLE_TYPE', 'a machine half reverted'],
    ['NOT_IMPLEMENTED', 'any step of a machine’s work'],
    ['INVALID_UPDATE', 'an update that ran'],
    ['PATCH_PRECHECK_FAILED_VM_RUNNING', 'other hosts that have the patch'],
    ['PATCH_PRECHECK_FAILED_OUT_OF_SPACE', 'other hosts that have the patch'],
    ['UPDATE_PRECHECK_FAILED_CONFLICT_PRESENT', 'other hosts that have the update'],
  ])('leaves in doubt what was done: %s after %s', (code) => {
    expect(outcomeOf(code)).toBe('unknown')
  })

  it.each(['VM_IS_TEMPLATE', 'NETWORK_CONTAINS_VIF', 'SR_HAS_PBD', 'CLUSTER_HOST_IS_LAST', 'VBD_NOT_EMPTY'])(
    'is not what it says before: %s',
    (code) => {
      expect(outcomeOf(code)).toBe('rejected')
    },
  )
})
