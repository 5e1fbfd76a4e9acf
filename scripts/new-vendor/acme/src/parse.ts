import type { Fault, Reply } from '@holdfast/core/plugin'

/**
 * Reads the fault out of a reply: `{"code": "NAME_TAKEN", "message": "…", "params": ["web-1"]}`. What is none of Acme's
 * words, such as a proxy's page, is left to the rows for bare statuses. Must not throw, whatever comes.
 */
export function parse({ status, text }: Reply): Fault | undefined {
  const body = parseJson(text)
  if (!isObject(body) || typeof body.code !== 'string' || body.code === '') return undefined
  const { code, message, params } = body
  return {
    code,
    status,
    ...(typeof message === 'string' && { message }),
    ...(Array.isArray(params) && { params }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
