import { resilient, type VendorError } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { carriedCode } from '../src/carried-code.ts'
import { xenapi } from '../src/index.ts'
import { callOf, one } from './calls.ts'

const inText = (text: string) => carriedCode('INTERNAL_ERROR', [text])

describe('the code that an internal error carries', () => {
  it.each([
    ['Caught exception: VDI_IO_ERROR: [ Device I/O errors ]', 'VDI_IO_ERROR'],
    ['Caught exception: SR_BACKEND_FAILURE_46: [ ; The VDI is not available; ]', 'SR_BACKEND_FAILURE_46'],
    [
      'Xenops_interface.Xenopsd_error([S(Storage_backend_error);[S(SR_BACKEND_FAILURE_47);[S();S(The SR is not available);S()]]])',
      'SR_BACKEND_FAILURE_47',
    ],
    [
      'Xenops_interface.Xenopsd_error([S(Internal_error);S(Unix.Unix_error(Unix.ENOENT, "open", ""))])',
      'Internal_error',
    ],
    ['xenopsd internal error: Storage_interface.Storage_error(Sr_not_attached("x"))', 'Sr_not_attached'],
    ['Storage_error ([S(Backend_error);[S(SR_BACKEND_FAILURE_200);[S();S(x);S()]]])', 'SR_BACKEND_FAILURE_200'],
    ['Server_error(HOST_OFFLINE, [ OpaqueRef:1 ])', 'HOST_OFFLINE'],
  ])('is found in %s', (text, code) => {
    expect(inText(text)).toBe(code)
  })

  it.each(['Not_found', 'Failure("int_of_string")', 'INTERNAL_ERROR: [ x ]', 'NO_SUCH_CODE_AT_ALL', '', 'a VM_ b'])(
    'is none in %s',
    (text) => {
      expect(inText(text)).toBeUndefined()
    },
  )

  it('is looked for in internal errors alone, and in their beginning', () => {
    expect(carriedCode('IMPORT_ERROR', ['VDI_IO_ERROR'])).toBeUndefined()
    expect(inText(`${'x '.repeat(3_000)}VDI_IO_ERROR`)).toBeUndefined()
  })

  it('stands in the error, in what observers hear, and decides nothing', async () => {
    const answer = ['INTERNAL_ERROR', 'Caught exception: HOST_OFFLINE: [ OpaqueRef:1 ]']
    const heard: unknown[] = []
    let calls = 0
    const fetch = async () => {
      calls++
      return new Response(JSON.stringify({ jsonrpc: '2.0', error: answer, id: 1 }))
    }
    const client = resilient(fetch, {
      vendor: xenapi(),
      observers: [(event) => 'verdict' in event && event.verdict && heard.push(event.verdict.detail)],
    })
    const { body } = callOf('json', 'VM.start', 'vm-1')
    const error = await client(`${one}/jsonrpc`, { method: 'POST', body: String(body) }).catch(
      (thrown: VendorError) => thrown,
    )
    expect(error).toMatchObject({ code: 'INTERNAL_ERROR', detail: 'HOST_OFFLINE', kind: 'fatal', mayBeDone: true })
    expect(calls).toBe(1)
    expect(new Set(heard)).toEqual(new Set(['HOST_OFFLINE']))
  })

  it('is as free of secrets as everything else', async () => {
    const secret = 'Hunter2hunter2'
    const text = `Xenopsd_error([S(${secret});S(x)])`
    const fetch = async () => new Response(JSON.stringify({ error: ['INTERNAL_ERROR', text] }))
    const client = resilient(fetch, { vendor: xenapi() })
    const body = JSON.stringify({
      jsonrpc: '2.0',
      method: 'session.login_with_password',
      params: ['root', secret],
      id: 1,
    })
    const error = await client(`${one}/jsonrpc`, { method: 'POST', body }).catch((thrown: VendorError) => thrown)
    expect(JSON.stringify(error)).not.toContain(secret)
    expect((error as VendorError).message).not.toContain(secret)
    expect((error as VendorError).detail).toContain('redacted')
  })
})
