import type { Fault, RequestFacts } from '@holdfast/core/plugin'
import { isHandler } from './handlers.ts'

/** Advice about a handler that was called without a session: a login would not help. */
export function hintFor({ status }: Fault, { path, query }: RequestFacts): string | undefined {
  if (status !== 401 || !isHandler(path) || /(?:^|&)session_id=/.test(query)) return undefined
  return 'This went out without a session: put `session_id` into the query, with `sessionPlaceholder` as its value.'
}
