import { isRequest } from './is-request.ts'

/** Cancels the stream of a request that nobody will send; one that somebody reads is left to him. */
export function cancelBody(input: unknown, init: RequestInit | undefined, reason: unknown): void {
  const body = init?.body ?? (isRequest(input) ? input.body : undefined)
  if (body instanceof ReadableStream && !body.locked) void body.cancel(reason).catch(() => {})
}
