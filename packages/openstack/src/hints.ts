import type { Fault, RequestFacts } from '@holdfast/core/plugin'
import { asksForToken } from './paths.ts'

/** Statuses of a server that has no identity API at the path of a login. */
const ELSEWHERE = new Set([301, 302, 303, 307, 308, 404, 405, 501])

/** Advice about a login that went to the wrong address. */
export function hintFor({ status }: Fault, request: RequestFacts): string | undefined {
  if (!asksForToken(request) || !ELSEWHERE.has(status ?? 0)) return undefined
  return wrongAuthUrl
}

/** Advice about an address at which no identity API answers. */
export const wrongAuthUrl =
  'Check `authUrl`: no identity API answers at this path, which ends in /v3, and on some clouds in /identity/v3.'
