import { isRequest } from './is-request.ts'

/** Cancels the body stream of a request that will not be sent, unless somebody else reads it. */
export function cancelBody(input: unknown, init: RequestInit | undefined, reason: unknown): void {
  const body = init?.body ?? (isRequest(input) ? input.body : undefined)
  if (body instanceof ReadableStream && !body.locked) void body.cancel(reason).catch(() => {})
}
