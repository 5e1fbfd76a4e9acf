import { type Fault, parseObject, type Reply, textOf } from '@holdfast/core/plugin'

/**
 * Reads the fault in a reply: `{"code": "NAME_TAKEN", "message": "…", "params": ["web-1"]}`. Any other body, such as a
 * proxy's page, is left to the rows for bare statuses. Must not throw, whatever the body.
 */
export function parse({ status, text }: Reply): Fault | undefined {
  const body = parseObject(text)
  const code = textOf(body?.code)
  if (code === undefined) return undefined
  const message = textOf(body?.message)
  const params = body?.params
  return {
    code,
    status,
    ...(message !== undefined && { message }),
    ...(Array.isArray(params) && { params }),
  }
}
