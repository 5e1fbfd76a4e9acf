import type { Work, WorkState } from '@holdfast/core/work'

/** Shows each state of work, and returns its result as a reply. */
export async function watched(work: Work, show: (state: WorkState, isLast: boolean) => void): Promise<Response> {
  for await (const state of work) show(state, state.status !== 'pending' && state.status !== 'running')
  return Response.json((await work.result) ?? null)
}
