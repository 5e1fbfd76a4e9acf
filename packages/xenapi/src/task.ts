import { type FailureDetails, type Fault, systemClock } from '@holdfast/core/plugin'
import type { MethodCall } from './caller.ts'
import { carriedCode } from './carried-code.ts'
import { nameOf } from './methods.ts'
import { holdsWantedState } from './power-states.ts'
import { readAnswer } from './wire/answer.ts'
import { failureFrom, UNKNOWN } from './wire/rpc-answer.ts'

/** Milliseconds between two polls of a task: they double from the first to the longest. */
const POLL = { first: 500, longest: 10_000 }
/** Milliseconds up to which a server's `Retry-After` is heeded. */
const LONGEST_RETRY_AFTER = 5 * 60_000

/** The means to run a method as a task. */
export interface TaskTools {
  /** Calls a method and returns its value. */
  call(call: MethodCall): Promise<unknown>
  /** Destroys a finished task at the host, without being waited for. */
  destroy(task: unknown): void
  /** True for an error of a poll that the next poll may not meet. */
  isTransient(error: unknown): boolean
  /** Makes the error of the call that submitted the task. */
  failure(fault: Fault, details?: FailureDetails): Promise<Error>
  /** True for a conflict whose wanted state holds, where the caller takes that for success. */
  isAccepted(error: Error): boolean
  readonly signal: AbortSignal | undefined
}

/**
 * Makes the call that submits a task, waits for the end of the task, and returns its result. After the submission no
 * failed poll says anything of the work: the task is polled again, or its end is unknown.
 */
export async function runTask(tools: TaskTools, submission: MethodCall): Promise<unknown> {
  const task = await tools.call(submission)
  const { status, result, error_info: errorInfo } = await pollUntilEnd(tools, task)
  if (status !== 'success' && status !== 'failure' && status !== 'cancelled') {
    throw await endUnknown(tools, task, { code: UNKNOWN, message: `its state is ${JSON.stringify(status)}` })
  }
  // It would stay for another hour, and count towards the 200 tasks that a pool keeps.
  tools.destroy(task)
  if (status === 'success') return resultOf(result)
  const description = Array.isArray(errorInfo) ? errorInfo : []
  const isBareCancel = description.length === 0 && status === 'cancelled'
  const { type: _, ...fault } = failureFrom(isBareCancel ? ['TASK_CANCELLED', task] : description)
  const carried = carriedCode(fault.code, fault.params ?? [])
  const achieved = holdsWantedState(nameOf(submission.method), submission.params, fault)
  const failure = await tools.failure({
    ...fault,
    ...(carried !== undefined && { details: [carried] }),
    inTask: true,
    settled: true,
    ...(achieved && { achieved }),
  })
  if (tools.isAccepted(failure)) return ''
  throw failure
}

interface TaskRecord {
  readonly status?: unknown
  readonly result?: unknown
  readonly error_info?: unknown
}

/** Polls a task until its record tells an end. */
async function pollUntilEnd(tools: TaskTools, task: unknown): Promise<TaskRecord> {
  for (let wait = POLL.first; ; wait = Math.min(2 * wait, POLL.longest)) {
    let retryAfter = 0
    try {
      const record = ((await tools.call({ method: 'task.get_record', params: [task] })) ?? {}) as TaskRecord
      if (record.status !== 'pending' && record.status !== 'cancelling') return record
    } catch (error) {
      if (tools.signal?.aborted) throw error
      if (!tools.isTransient(error)) throw await endUnknown(tools, task, faultIn(error), error)
      retryAfter = Math.min((error as { retryAfter?: number }).retryAfter ?? 0, LONGEST_RETRY_AFTER)
    }
    await systemClock.sleep(spread(Math.max(wait, retryAfter)), tools.signal)
  }
}

/** A wait that differs by chance, so that tasks which were submitted together are not polled together. */
const spread = (ms: number): number => ms * (0.8 + 0.4 * systemClock.random())

/** The fault of a failed poll. */
function faultIn(error: unknown): Fault {
  const { code, params, message } = (error ?? {}) as { code?: unknown; params?: object; message?: unknown }
  return {
    code: typeof code === 'string' && code !== '' ? code : UNKNOWN,
    params: Object.values(params ?? {}),
    message: String(message ?? error),
  }
}

/** The error of a task whose end cannot be found out. */
const endUnknown = (tools: TaskTools, task: unknown, fault: Fault, cause?: unknown): Promise<Error> =>
  tools.failure(
    { ...fault, message: `Nobody knows what came of the task ${String(task)}: ${fault.message}` },
    { outcome: 'unknown', ...(cause !== undefined && { cause }) },
  )

/** Decodes a result: a fragment of XML-RPC, whatever the format of the call, and empty for a method without value. */
function resultOf(result: unknown): unknown {
  if (typeof result !== 'string' || !result.startsWith('<value')) return result
  const members = `<member><name>Status</name><value>Success</value></member><member><name>Value</name>${result}</member>`
  const answer = readAnswer(
    `<methodResponse><params><param><value><struct>${members}</struct></value></param></params></methodResponse>`,
  )
  return answer?.type === 'success' ? answer.value : result
}
