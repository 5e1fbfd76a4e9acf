import { isRequest } from './is-request.ts'

/** Cancels the body stream of a request that will not be sent, unless somebody else reads it. */
export function cancelBody(input: unknown, init: RequestInit | undefined, reason: unknown): void {
  const body = init?.body ?? (isRequest(input) && !hasForm(input) ? input.body : undefined)
  if (body instanceof ReadableStream && !body.locked) void body.cancel(reason).catch(() => {})
}

/**
 * True for a form, by the boundary that undici makes. undici 7.29, within Node.js 24, writes it into the stream whatever becomes
 * of that, and once the stream has been cancelled it throws where nobody hears, which ends the process.
 */
const hasForm = ({ headers }: Request): boolean =>
  headers.get('content-type')?.startsWith('multipart/form-data; boundary=----formdata-undici-') === true
