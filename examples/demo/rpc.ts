import { sessionPlaceholder } from '@holdfast/xenapi'
import type { DemoRequest } from './request.ts'

/** Calls a method of XenAPI, with its parameters but the session. */
export function rpc(method: string, ...params: readonly unknown[]): DemoRequest {
  const [object] = params
  const name = typeof object === 'string' ? ` ${object.replace('OpaqueRef:', '')}` : ''
  const body = JSON.stringify({ jsonrpc: '2.0', method, params: [sessionPlaceholder, ...params], id: 1 })
  return {
    label: method + name,
    path: '/jsonrpc',
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body },
    // Reads are called so in XenAPI.
    changes: !method.includes('.get_'),
  }
}
