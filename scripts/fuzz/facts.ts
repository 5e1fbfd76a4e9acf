import { judge } from '../../packages/core/src/classify/judge.ts'
import type { Fault } from '../../packages/core/src/contract/fault.ts'
import type { RequestFacts } from '../../packages/core/src/contract/request.ts'
import type { Reply, Vendor } from '../../packages/core/src/contract/vendor.ts'
import { factsOf } from '../../packages/core/src/request/facts.ts'
import { ensure, joined, partsOf } from './target.ts'

export const origin = 'https://service.example'

/** A request with this method, path and body. */
export const requestOf = (method: string, path: string, body?: string): RequestFacts =>
  factsOf(`${origin}${path.startsWith('/') ? path : '/'}`, { method }, { bodyText: body })

/** Headers of these lines, without those that no server could send. */
export function headersOf(lines: string): Headers {
  const headers = new Headers()
  for (const line of lines.split('\n')) {
    const colon = line.indexOf(':')
    try {
      if (colon > 0) headers.append(line.slice(0, colon), Buffer.from(line.slice(colon + 1)).toString('latin1'))
    } catch {
      // A name or a value that `fetch` would not have let through.
    }
  }
  return headers
}

/** Reads a reply: `status method path`, its body, the request's body, its headers. */
export function replyOf(input: Uint8Array): Reply {
  const [line = '', text = '', requestBody = '', headers = ''] = partsOf(input, 4)
  const [status = '', method = 'GET', path = '/'] = line.split(' ')
  const number = Number.parseInt(status, 10)
  return {
    status: number >= 200 && number <= 599 ? number : 500,
    headers: headersOf(headers),
    text,
    complete: !headers.startsWith('cut'),
    request: requestOf(
      /^[A-Z]{1,10}$/.test(method) ? method : 'POST',
      path,
      requestBody === '' ? undefined : requestBody,
    ),
  }
}

/** An input for {@link replyOf}. */
export const replyWith = (line: string, text: string, requestBody = '', headers = ''): string =>
  joined(line, text, requestBody, headers)

const isText = (value: unknown): value is string => typeof value === 'string'

/** Checks what a parser has read, and what the engine makes of it. */
export function checkFault(fault: Fault | undefined, reply: Reply, vendor: Vendor): string {
  if (fault === undefined) return 'none'
  const { code, status, details, message, params, retryAfter } = fault
  ensure(isText(code) && code !== '', 'a fault has a code')
  ensure(status === undefined || status === reply.status, 'a fault has the status of its reply')
  ensure(details === undefined || details.every(isText), 'details are texts')
  ensure(message === undefined || isText(message), 'a message is a text')
  ensure(params === undefined || Array.isArray(params), 'parameters are a list')
  ensure(retryAfter === undefined || (Number.isFinite(retryAfter) && retryAfter >= 0), 'a wait is a time')
  const { headers } = reply
  const verdict = judge({ fault, vendor, source: 'vendor', headers, errors: undefined })
  ensure(
    verdict.wait === undefined || (Number.isFinite(verdict.wait) && verdict.wait >= 0),
    'a verdict waits for a time',
  )
  const shape = [
    details && 'd',
    message && 'm',
    params && 'p',
    retryAfter && 'r',
    fault.settled && 's',
    fault.inTask && 't',
  ]
  return `${verdict.row === undefined ? 'unlisted' : verdict.kind} ${reply.status >= 400} ${shape.join('')}`
}
