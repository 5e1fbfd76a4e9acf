import type { FetchArguments, ReplayableRequest } from '../replayable-request.ts'

/** Sends a request as its caller wrote it. */
export async function sendAsGiven(
  fetch: (...given: FetchArguments) => Promise<Response>,
  request: ReplayableRequest,
): Promise<Response> {
  if (request.bodies === undefined) return fetch(...request.given)
  await request.bodies.renew()
  request.keepHeaders()
  return request.handTo(fetch, {})
}
