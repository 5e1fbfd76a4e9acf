import type { Reply } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { multiSteps } from '../src/catalogue/multi-steps.ts'
import { catalogue } from '../src/catalogue.ts'
import { isOfClass } from '../src/classes.ts'
import { parse } from '../src/parse.ts'
import { jsonCall, requestTo, xmlCall } from './facts.ts'

const session = 'OpaqueRef:session'
const vm = 'OpaqueRef:vm'

const answer = (request: Reply['request'], code: string, ...params: string[]) =>
  parse({
    status: 200,
    text: JSON.stringify({ error: [code, ...params] }),
    complete: true,
    headers: new Headers(),
    request,
  })

/** True where the answer to a method's call leaves open what was done. */
const hadBegun = (method: string, code: string, ...params: string[]) =>
  answer(jsonCall(method, session, vm), code, ...params)?.inTask === true

describe('a program’s words', () => {
  it.each([
    ...['host.call_plugin', 'host_call_plugin', 'host.call_extension', 'VM.call_plugin', 'VM.call_host_plugin'],
    ...['VMSS.snapshot_now', 'pool_update.apply', 'pool_patch.pool_apply', 'VM.import', 'acme.mend'],
  ])('tell of no check before the work, whatever they are: %s', (method) => {
    for (const code of ['HOST_IS_SLAVE', 'VM_BAD_POWER_STATE', 'OTHER_OPERATION_IN_PROGRESS', 'ACME_BROKEN']) {
      expect(answer(jsonCall(method, session, vm), code, vm)).toMatchObject({ code, inTask: true })
      expect(answer(xmlCall(method, session, vm), code, vm)).toMatchObject({ code, inTask: true })
    }
    expect(hadBegun(method, 'SESSION_INVALID', session)).toBe(true)
  })

  it('are not yet heard where the program that is called is missing, unlike one that it calls', () => {
    for (const [method, code] of [
      ['host.call_plugin', 'XENAPI_MISSING_PLUGIN'],
      ['host.call_extension', 'MESSAGE_METHOD_UNKNOWN'],
    ] as const) {
      const call = jsonCall(method, session, 'OpaqueRef:host', 'updater.py')
      expect(answer(call, code, 'updater.py')?.inTask, method).toBeUndefined()
      expect(answer(call, code, 'another.py')?.inTask, method).toBe(true)
    }
  })

  it('are not yet heard where the server limits their calls', () => {
    expect(hadBegun('VM.call_plugin', 'VM_CALL_PLUGIN_RATE_LIMIT', vm, '10', '3')).toBe(false)
  })
})

describe('another pool’s words', () => {
  it.each(['VM.migrate_send', 'pool.join', 'VM_appliance.recover'])('may come at any step of %s', (method) => {
    for (const code of ['HOST_IS_SLAVE', 'RBAC_PERMISSION_DENIED', 'TOO_BUSY', 'VDI_IN_USE']) {
      expect(hadBegun(method, code, 'x'), code).toBe(true)
    }
    expect(hadBegun(method, 'SESSION_INVALID', 'OpaqueRef:of-the-other-pool')).toBe(true)
    expect(hadBegun(method, 'SESSION_INVALID', session)).toBe(false)
  })

  it('have not been asked for where the number of migrations is at its limit, or a host may not join', () => {
    expect(hadBegun('VM.migrate_send', 'TOO_MANY_STORAGE_MIGRATES', '3')).toBe(false)
    expect(hadBegun('pool.join', 'JOINING_HOST_CANNOT_HAVE_RUNNING_VMS')).toBe(false)
  })
})

describe('the dispatcher’s words on the method itself', () => {
  it.each(['VM.snapshot_with_quiesce', 'VM.copy', 'pool.enable_ha'])('come before any step: %s', (method) => {
    expect(hadBegun(method, 'MESSAGE_REMOVED')).toBe(false)
  })

  it.each(['VM.copy', 'VM.migrate_send', 'pool.join'])('name the method: %s', (method) => {
    expect(hadBegun(method, 'MESSAGE_PARAMETER_COUNT_MISMATCH', method, '3', '2')).toBe(false)
    expect(hadBegun(method, 'MESSAGE_METHOD_UNKNOWN', method)).toBe(false)
  })

  it('are somebody else’s where they name another, or may come from another pool or a program', () => {
    expect(hadBegun('VM.copy', 'MESSAGE_METHOD_UNKNOWN', 'VDI.copy')).toBe(true)
    for (const method of ['VM.migrate_send', 'host.call_plugin']) expect(hadBegun(method, 'MESSAGE_REMOVED')).toBe(true)
    expect(hadBegun('host.call_plugin', 'MESSAGE_PARAMETER_COUNT_MISMATCH', 'host.call_plugin', '5', '4')).toBe(true)
  })
})

describe('a call of several steps within the pool', () => {
  it.each([
    ['VM.clone', 'OTHER_OPERATION_IN_PROGRESS', ['VDI', 'OpaqueRef:disk']],
    ['VM.copy', 'TOO_BUSY', []],
    ['VM.checkpoint', 'SR_OPERATION_NOT_SUPPORTED', ['OpaqueRef:sr']],
    ['VDI.copy', 'HOST_OFFLINE', ['OpaqueRef:host']],
    ['SR.create', 'TOO_MANY_PENDING_TASKS', []],
    ['pool.enable_ha', 'HOST_STILL_BOOTING', []],
    ['pool.eject', 'HOST_NOT_LIVE', []],
    ['pool.create_VLAN', 'OTHER_OPERATION_IN_PROGRESS', ['PIF', 'OpaqueRef:pif']],
    ['host.evacuate', 'HOST_OFFLINE', [vm]],
    ['VM_appliance.start', 'OTHER_OPERATION_IN_PROGRESS', ['VM', 'OpaqueRef:other']],
    ['Cluster.pool_create', 'HOST_OFFLINE', ['OpaqueRef:host']],
  ])('may meet the error of a later one: %s %s', (method, code, params) => {
    expect(hadBegun(method, code, ...params)).toBe(true)
    expect(hadBegun(`Async.${method}`, code, ...params)).toBe(false)
  })

  it.each([
    ['VM.clone', 'OTHER_OPERATION_IN_PROGRESS', ['VM', vm]],
    ['VM.copy', 'VM_BAD_POWER_STATE', [vm, 'halted', 'running']],
    ['VM.snapshot', 'HANDLE_INVALID', ['VM', vm]],
    ['host.evacuate', 'OTHER_OPERATION_IN_PROGRESS', ['host', vm]],
    ['pool.enable_ha', 'HOST_IS_SLAVE', ['10.0.0.2']],
    ['pool.sync_updates', 'RBAC_PERMISSION_DENIED', ['pool.sync_updates', 'No permission']],
    ['pool.sync_updates', 'HA_ENABLE_IN_PROGRESS', []],
    ['VM.copy', 'SESSION_INVALID', [session]],
    ['VM.copy', 'SESSION_INVALID', []],
  ])('was refused before the first where that is what the error tells: %s %s', (method, code, params) => {
    expect(hadBegun(method, code, ...params)).toBe(false)
  })

  it('has met no login of its own where another session is refused', () => {
    expect(hadBegun('VM.copy', 'SESSION_INVALID', 'OpaqueRef:of-a-step')).toBe(true)
  })
})

describe('a call of one step', () => {
  it.each(['VM.start', 'VM_start', 'Async.host.call_plugin', 'session.login_with_password', 'system.listMethods'])(
    'is judged by the row of its error: %s',
    (method) => {
      for (const code of ['HOST_IS_SLAVE', 'OTHER_OPERATION_IN_PROGRESS']) expect(hadBegun(method, code)).toBe(false)
    },
  )

  it('was at work where only those say so who are at work', () => {
    expect(hadBegun('VDI.destroy', 'VDI_IN_USE')).toBe(true)
    expect(hadBegun('VDI.destroy', 'VDI_IN_USE', 'OpaqueRef:vdi', 'destroy')).toBe(false)
    expect(hadBegun('VM.start', 'VM_BAD_POWER_STATE', vm, 'Running', 'Halted')).toBe(true)
    expect(hadBegun('VM.start', 'VM_BAD_POWER_STATE', vm, 'halted', 'running')).toBe(false)
  })
})

describe('the list of calls of several steps', () => {
  it('names methods of the data model once, and codes that have rows', () => {
    const methods = multiSteps.flatMap((steps) => steps.methods)
    expect(new Set(methods).size).toBe(methods.length)
    expect(methods.filter((method) => !isOfClass(method))).toEqual([])
    const codes: readonly string[] = catalogue.rows.map(({ code }) => code)
    for (const first of multiSteps.flatMap(({ before = [] }) => before)) {
      const isFamily = first.endsWith('*')
      expect(
        codes.some((code) => (isFamily ? code.startsWith(first.slice(0, -1)) : code === first)),
        first,
      ).toBe(true)
    }
  })

  it('does not hold what only reads', () => {
    expect(answer(requestTo('/jsonrpc', 'POST'), 'TOO_BUSY')?.inTask).toBeUndefined()
    expect(hadBegun('VM.assert_can_migrate', 'TOO_BUSY')).toBe(false)
  })
})
