import type { Clock } from '@holdfast/openstack/simulator'
import { newHex } from '@holdfast/openstack/simulator'
import type { VbsWork, Work } from './backups.ts'

/** Work that a caller asks after. */
export interface Jobs {
  /** Takes work on and names its job. */
  submit(work: Work, entities: Readonly<Record<string, string>>): string
  /** The record of a job, as `GET /v1/{project}/jobs/{job}` has it. */
  record(id: string): object | undefined
  /** Forgets every job: then only the backups show the result of the work. */
  lose(): void
}

interface Job {
  readonly work: Work
  readonly entities: Readonly<Record<string, string>>
}

const types: Readonly<Record<VbsWork, string>> = {
  backup: 'bksCreateBackup',
  restore: 'bksRestoreBackup',
  delete: 'bksDeleteBackup',
}

/** Starts with none. */
export function createJobs(clock: Clock): Jobs {
  const jobs = new Map<string, Job>()
  return {
    submit(work, entities) {
      const id = newHex()
      jobs.set(id, { work, entities })
      return id
    },
    record(id) {
      const job = jobs.get(id)
      return job && recordOf(id, job, clock.now())
    },
    lose: () => jobs.clear(),
  }
}

/** The answer is 200 even where the job has failed. A sub-job, whose record has the same shape, shows once work has begun. */
function recordOf(id: string, { work, entities }: Job, now: number): object {
  const { failure, from, until, kind } = work
  const own = failure?.inSubJob === true ? undefined : failure
  const parent = shape(id, types[kind], work, now)
  const child = {
    ...shape(`${id}-1`, `${types[kind]}Step`, work, now),
    ...ending(failure, now >= until),
    entities,
    sub_jobs: [],
  }
  return { ...parent, ...ending(own, now >= until), entities, sub_jobs: now < from ? [] : [child] }
}

function shape(job_id: string, job_type: string, { begun, from, until, failure }: Work, now: number) {
  const ended = failure === undefined ? 'SUCCESS' : 'FAIL'
  const under = now < from ? 'INIT' : 'RUNNING'
  const isOver = now >= until
  const times = { begin_time: new Date(begun).toISOString(), end_time: isOver ? new Date(until).toISOString() : '' }
  return { status: isOver ? ended : under, job_id, job_type, ...times }
}

const ending = (failure: Work['failure'], isOver: boolean) => ({
  error_code: isOver ? (failure?.code ?? null) : null,
  fail_reason: isOver && failure !== undefined ? (failure.reason ?? 'made to fail') : null,
})
