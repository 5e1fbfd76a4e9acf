import { toResponse, type WireReply } from '@holdfast/testing/simulator-kit'
import { dumps } from './dumps.ts'

/** One reply of a service, and the code of the error in it. */
export interface CloudReply extends WireReply {
  readonly statusText?: string
  readonly code?: string
}

type HeaderTexts = Readonly<Record<string, string>>

const json = (status: number, body: string, headers: HeaderTexts): CloudReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body,
})

/** JSON as Python services write it. */
export const spaced = (status: number, value: unknown, headers: HeaderTexts = {}) => json(status, dumps(value), headers)

/** JSON without spaces. */
export const compact = (status: number, value: unknown, headers: HeaderTexts = {}) =>
  json(status, JSON.stringify(value), headers)

/** Makes a `Response` of the reply, with these headers if the reply does not set them itself. */
export function respond(reply: CloudReply, headers: HeaderTexts): Response {
  const response = toResponse(reply)
  for (const [name, value] of Object.entries(headers)) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  const { status, statusText } = { statusText: '', ...reply }
  return statusText === '' ? response : new Response(response.body, { status, statusText, headers: response.headers })
}
