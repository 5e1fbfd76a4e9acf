import { parseObject, type RequestFacts } from '@holdfast/core/plugin'
import { rpcOf } from './requests.ts'

/** The answer of a call that succeeded and returns nothing, in the format of the call. */
export function success(request: RequestFacts): { readonly body: string; readonly contentType: string } | undefined {
  const call = rpcOf(request)
  if (call === undefined) return undefined
  if (call.format === 'xml-rpc') return { body: xml, contentType: 'text/xml' }
  const id = JSON.stringify(parseObject(request.bodyText)?.id ?? null)
  const body =
    call.format === 'json-rpc-2.0'
      ? `{"jsonrpc":"2.0","result":"","id":${id}}`
      : `{"result":{"Status":"Success","Value":""},"error":null,"id":${id}}`
  return { body, contentType: 'application/json' }
}

const member = (name: string, value: string) => `<member><name>${name}</name><value>${value}</value></member>`
const xml = `<?xml version="1.0"?><methodResponse><params><param><value><struct>${member('Status', 'Success')}${member('Value', '')}</struct></value></param></params></methodResponse>`
