import { describe, expect, expectTypeOf, it } from 'vitest'
import { catalogue, type XenApiCode } from '../src/index.ts'
import documented from './documented.json' with { type: 'json' }

const { rows } = catalogue
const byCode = new Map(rows.map((row) => [row.code as string, row]))
const paramsOf = (row: (typeof rows)[number] | undefined) => (row !== undefined && 'params' in row ? row.params : [])
const coded = (test: (row: (typeof rows)[number]) => boolean) => rows.filter(test).map(({ code }) => code)

describe('completeness', () => {
  it('has one row for each of the 519 documented errors, with the parameters of its signature', () => {
    expect(documented.errors).toHaveLength(519)
    for (const { code, params = [] } of documented.errors) {
      expect({ code, params: paramsOf(byCode.get(code)) }).toEqual({ code, params })
    }
    expect(byCode.size).toBe(rows.length)
  })

  it('names a source for everything that the document does not list', () => {
    const known = new Set(documented.errors.map(({ code }) => code))
    expect(coded((row) => !known.has(row.code) && !('source' in row))).toEqual([])
  })
})

describe('what the document does not list', () => {
  const find = (code: string, ...params: string[]) => catalogue.find({ code, params })?.code

  it('is known by number, where the storage manager numbers it', () => {
    expect(find('SR_BACKEND_FAILURE_46', '', 'The VDI is not available', '')).toBe('SR_BACKEND_FAILURE_46')
    expect(catalogue.find({ code: 'SR_BACKEND_FAILURE_46' })?.kind).toBe('retryable')
    expect(catalogue.find({ code: 'SR_BACKEND_FAILURE_140' })?.kind).toBe('fatal')
  })

  it('is known by its family', () => {
    expect(find('SR_BACKEND_FAILURE_99999', '', 'reason', 'stderr')).toBe('SR_BACKEND_FAILURE_*')
    expect(find('POOL_AUTH_ENABLE_FAILED_SOMETHING_NEW', 'host', 'message')).toBe('POOL_AUTH_ENABLE_FAILED_*')
  })

  it('is never retried where a storage driver speaks of credentials, whatever its number', () => {
    for (const code of ['SR_BACKEND_FAILURE_73', 'SR_BACKEND_FAILURE_99999']) {
      const row = catalogue.find({ code, params: ['', 'NFS mount error', 'mount.nfs: Permission denied'] })
      expect(row).toMatchObject({ code: 'STORAGE_CREDENTIALS', kind: 'fatal' })
    }
  })

  it.each([
    'The VDI is not available [opterr=VDI 1e7ebf67-a534-4b94-aaa2-1dfeb4551e8c not found]',
    'The VDI is not available [opterr=hidden VDI]',
    'Logical Volume write error [opterr=[Errno 28] No space left on device]',
    'NFS mount error [opterr=remote filesystem is read-only error is 30]',
  ])('is not retried where a storage driver names what time does not cure: %s', (reason) => {
    const row = catalogue.find({ code: 'SR_BACKEND_FAILURE_46', params: ['', reason, ''] })
    expect(row).toMatchObject({ code: 'STORAGE_CAUSE', kind: 'fatal', outcome: 'unknown' })
  })

  it('is told by a parameter where that carries the cause', () => {
    const starting = ['session.login_with_password', 'External authentication AD service still initializing']
    expect(find('INTERNAL_ERROR', ...starting)).toBe('DIRECTORY_STARTING')
    expect(find('INTERNAL_ERROR', 'Not_found')).toBe('INTERNAL_ERROR')
    expect(find('XENAPI_PLUGIN_FAILURE', 'task stopped', '', '')).toBe('PLUGIN_STOPPED')
  })

  it.each([
    ["VBD '5a' still attached to '7b'", 'conflict'],
    ["VUSB '5a' still attached to '7b'", 'conflict'],
    ['VIF currently attached to a running VM', 'conflict'],
    ['PBD is currently attached', 'conflict'],
    ['VM resident on host', 'conflict'],
    ['Host is already part of a pool', 'conflict'],
    ['SDN controller has been configured. Please forget it first.', 'conflict'],
    ['Appliance has no VMs.', 'conflict'],
    ['All VMs in this appliance are halted.', 'conflict'],
    ['There are no running VMs in this appliance.', 'conflict'],
    ["VM OpaqueRef:1 ha_restart_priority has been set to 'restart', cannot create VUSB for it. ", 'conflict'],
    ['Cannot set update_on_boot: VM.secureboot_certificates_state is not in a valid state', 'conflict'],
    ['Current operation on VM:OpaqueRef:1 is suspend', 'retryable'],
    ['Snapshot operation not allowed during copy.', 'retryable'],
    ['Failed to lock all VIFs', 'retryable'],
    ...[
      ...['Control domain does not support hotplug', 'VM states it does not support VBD hotplug.'],
      ...['Host cannot become slave of itself', 'Network backends differ', 'VDI is not a snapshot: OpaqueRef:1'],
      ...['Disabled by xapi.conf', "Cannot copy a VM's disks to an ISO SR", 'A vswitch controller is active'],
      ...['VUSB OpaqueRef:1 is not available on Host OpaqueRef:2', 'This operation is not allowed on dom0'],
    ].map((reason): [string, string] => [reason, 'fatal']),
  ])('is told for a refusal by its reason: %s', (reason, kind) => {
    const row = catalogue.find({ code: 'OPERATION_NOT_ALLOWED', params: [reason] })
    expect(row).toMatchObject({ kind, outcome: 'rejected' })
    expect(row !== undefined && 'busy' in row && row.busy).toBe(kind === 'retryable')
  })

  it('is a conflict of unknown outcome where a step of the storage is refused, because its SR is being recovered', () => {
    const reason = 'The operation vdi_create is not allowed on this SR as it is being used for disaster recovery.'
    const row = catalogue.find({ code: 'OPERATION_NOT_ALLOWED', params: [reason] })
    expect(row).toMatchObject({ code: 'SR_IN_RECOVERY', kind: 'conflict', outcome: 'unknown' })
  })

  it('is told for a plug-in by the words of the server; whatever else it says is an exception of its program', () => {
    const plugin = (...params: string[]) => catalogue.find({ code: 'XENAPI_PLUGIN_FAILURE', params })
    expect(plugin('signal: SIGKILL', '', '')).toMatchObject({ kind: 'retryable', outcome: 'unknown' })
    for (const name of ['check_update', 'get_default', 'set_default_repo', 'non-zero exit', 'fault', 'task stopped']) {
      expect(plugin(name, 'OSError', 'signal: lost'), name).toMatchObject({ kind: 'fatal', outcome: 'unknown' })
    }
    for (const code of ['XENAPI_PLUGIN_EXCEPTION', 'UNKNOWN_XENAPI_PLUGIN_FUNCTION']) {
      expect(catalogue.find({ code, params: ['get_default'] }), code).toMatchObject({
        kind: 'fatal',
        outcome: 'unknown',
      })
    }
  })
})

describe('rows', () => {
  it('log in again only where a new session can help', () => {
    expect(coded((row) => row.kind === 'auth' && row.reauth)).toEqual(['SESSION_INVALID', 'Unauthorised'])
  })

  it('call nothing auth that is about another system', () => {
    const auth = coded((row) => row.kind === 'auth')
    expect(auth).toEqual([
      'PERMISSION_DENIED',
      'RBAC_PERMISSION_DENIED',
      'SESSION_AUTHENTICATION_FAILED',
      'SESSION_INVALID',
      'USER_IS_NOT_LOCAL_SUPERUSER',
      'SESSION_AUTHORIZATION_FAILED',
      'Unknown_authorization_header',
      'Unauthorised',
      'Forbidden',
    ])
  })

  it('know one code that sends elsewhere, and one that says how long to wait', () => {
    expect(coded((row) => 'reroute' in row)).toEqual(['HOST_IS_SLAVE'])
    expect(coded((row) => 'wait' in row)).toEqual(['VM_CALL_PLUGIN_RATE_LIMIT'])
  })

  it('wait for other work on an object where xapi refuses because of it', () => {
    for (const code of ['OTHER_OPERATION_IN_PROGRESS', 'TOO_MANY_STORAGE_MIGRATES']) {
      expect(catalogue.find({ code }), code).toMatchObject({
        kind: 'retryable',
        outcome: 'rejected',
        pace: 'slow',
        busy: true,
      })
    }
  })

  it('of emergency mode refuse everything, and count against the host that gives them', () => {
    for (const code of [
      'HOST_BROKEN',
      'HA_HEARTBEAT_DAEMON_STARTUP_FAILED',
      'HA_POOL_IS_ENABLED_BUT_HOST_IS_DISABLED',
    ]) {
      expect(catalogue.find({ code }), code).toMatchObject({ outcome: 'rejected', trips: true })
    }
  })

  it('retry a step without a cause, and none whose parameters state it', () => {
    for (const [code, kind] of [
      ['OPERATION_PARTIALLY_FAILED', 'retryable'],
      ['PATCH_APPLY_FAILED', 'fatal'],
      ['UPDATE_APPLY_FAILED', 'fatal'],
      ['XAPI_HOOK_FAILED', 'fatal'],
      ['SR_BACKEND_FAILURE_117', 'retryable'],
      ['SR_BACKEND_FAILURE_119', 'fatal'],
      ['SR_BACKEND_FAILURE_462', 'retryable'],
      ['SR_BACKEND_FAILURE_5010', 'fatal'],
    ] as const) {
      expect(catalogue.find({ code }), code).toMatchObject({ code, kind, outcome: 'unknown' })
    }
  })

  it('never blame the service for one storage', () => {
    expect(coded((row) => row.code.startsWith('SR_') && 'trips' in row && row.trips)).toEqual([])
  })
})

it('codes are a closed union, families with any ending', () => {
  expectTypeOf<'VM_BAD_POWER_STATE'>().toExtend<XenApiCode>()
  expectTypeOf<'VM_BAD_POWER_STATES'>().not.toExtend<XenApiCode>()
})
