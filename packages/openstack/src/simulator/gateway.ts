import { type CloudReply, compact } from './reply.ts'

/** Statuses of the gateway's codes that are not 401. */
const statuses: Readonly<Record<string, number>> = {
  '0101': 404,
  '0201': 502,
  '0202': 502,
  '0203': 504,
  '0302': 403,
  '0304': 403,
  '0306': 403,
  '0308': 429,
  '0310': 403,
  '0501': 405,
  '0502': 405,
  '0601': 500,
  '0610': 502,
  '0613': 503,
}

/** True for a code of the API gateway; it has two spellings. */
export const isGatewayCode = (code: string) => /^APIGW?\.\d+$/.test(code)

/** An answer of the API gateway itself. */
export function gatewayReply(code: string, message: string, status?: number): CloudReply {
  const request_id = newHex()
  const reply = compact(status ?? statuses[code.split('.')[1] ?? ''] ?? 401, {
    error_msg: message,
    error_code: code,
    request_id,
  })
  return { ...reply, headers: { ...reply.headers, 'x-request-id': request_id }, code }
}

/** The gateway's throttling: only the message names its window. `window` as `1 minute`. */
export const throttled = (limit: number, window: string): CloudReply =>
  gatewayReply(
    'APIG.0308',
    `The throttling threshold has been reached: policy ip over ratelimit,limit:${limit},time:${window}`,
  )

/** The load balancer's page if it cannot reach a server: not JSON, although the API sends nothing else. */
export const badGateway: CloudReply = {
  status: 502,
  statusText: 'Bad Gateway',
  headers: { 'content-type': 'text/html' },
  body: [
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">',
    '<html><head><meta http-equiv="Content-Type" content="text/html;charset=utf-8"><title>Error</title></head>',
    '<body><table><tr><td>The backend server is unreachable.<br/></td></tr></table></body></html>',
    '',
  ].join('\n'),
}

/** 32 hexadecimal digits, as requests and projects are named. */
export const newHex = () => crypto.randomUUID().replaceAll('-', '')
