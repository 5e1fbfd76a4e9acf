import { systemClock } from '../../contract/clock.ts'
import type { WorkFields } from '../../contract/event.ts'
import { notify } from '../../state/shared-state.ts'
import type { WorkOrigin } from './failure.ts'
import { shownId } from './shown.ts'
import type { EndState, WorkState } from './work-state.ts'

const fieldsOf = (origin: WorkOrigin): WorkFields => {
  const { vendor, operation, label } = origin.saved
  return { vendor, work: shownId(origin), operation, ...(label !== undefined && { label }) }
}

/** Emits that a request has begun work. */
export const emitStarted = (origin: WorkOrigin): void =>
  notify(origin.engine.observers, { type: 'work-started', ...fieldsOf(origin) })

/** Emits the present state of work. */
export function emitChanged(
  origin: WorkOrigin,
  { status, progress }: Extract<WorkState, { readonly status: 'pending' | 'running' }>,
): void {
  const known = progress !== undefined && { progress }
  notify(origin.engine.observers, { type: 'work-changed', status, ...known, ...fieldsOf(origin) })
}

/** Emits the end of work. */
export function emitEnded(origin: WorkOrigin, state: EndState): void {
  const { engine, saved, begunAt } = origin
  const ms = begunAt === undefined ? Math.max(0, systemClock.date() - saved.startedAt) : systemClock.now() - begunAt
  // From the error, because that has no secret in it.
  const code = state.status !== 'succeeded' && { code: state.error.code }
  notify(engine.observers, { type: 'work-ended', status: state.status, ...code, ms, ...fieldsOf(origin) })
}
