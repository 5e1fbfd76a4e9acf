import type { Fault, RequestFacts } from '@holdfast/core/plugin'
import { sessionPaths } from './requests.ts'

/** Advice about a login that this vCenter does not have: `/api` came with 7.0 U2, and `/rest` is being removed. */
export function hintFor({ status }: Fault, { method, path }: RequestFacts): string | undefined {
  if (status !== 404 || method !== 'POST') return undefined
  if (path === sessionPaths.api) return "Give `surface: 'rest'`: a vCenter before 7.0 U2 has no `/api`."
  return path === sessionPaths.rest ? "Give `surface: 'api'`: this vCenter has no `/rest`." : undefined
}
