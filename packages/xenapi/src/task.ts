import { type Fault, systemClock } from '@holdfast/core/plugin'
import type { Called, Judge } from './judging.ts'
import { sessionPlaceholder } from './placeholder.ts'
import { readAnswer } from './wire/answer.ts'
import { failureOf, UNKNOWN } from './wire/rpc-answer.ts'

/** Waits between two looks at a task: doubling from the first to the longest, in milliseconds. */
const LOOKS = { first: 500, longest: 10_000 }
/** A server's word on when to come again is heeded up to this. */
const LONGEST_PAUSE = 5 * 60_000

/** What running a task takes. */
export interface TaskTools {
  /** Calls a method with its parameters but the session. */
  send(method: string, params: readonly unknown[]): Promise<unknown>
  /** Clears a finished task away, which nobody waits for. */
  forget(task: unknown): void
  /** Whether an error is one that another look may well not meet. */
  mayPass(error: unknown): boolean
  readonly signal: AbortSignal | undefined
  readonly judge: Judge
}

/**
 * Submits a method as a task, waits for the end of the task, and returns its result. From the submission on, no failure
 * to look says anything of the work: it is looked again, or nobody knows what came of it.
 */
export async function runTask(tools: TaskTools, method: string, params: readonly unknown[]): Promise<unknown> {
  const call = { method: `Async.${method}`, params: [sessionPlaceholder, ...params] }
  const task = await tools.send(call.method, params)
  const { status, result, error_info: errorInfo } = await endOf(tools, call, task)
  if (status !== 'success' && status !== 'failure' && status !== 'cancelled') {
    throw await lost(tools.judge, call, task, { code: UNKNOWN, message: `its state is ${JSON.stringify(status)}` })
  }
  // It would stand for another hour, and count among two hundred.
  tools.forget(task)
  if (status === 'success') return resultOf(result)
  const said = Array.isArray(errorInfo) ? errorInfo : []
  const { type: _, ...fault } = failureOf(said.length === 0 && status === 'cancelled' ? ['TASK_CANCELLED', task] : said)
  throw await tools.judge(call, fault)
}

interface TaskRecord {
  readonly status?: unknown
  readonly result?: unknown
  readonly error_info?: unknown
}

/** Looks at a task until it is over. */
async function endOf(tools: TaskTools, call: Called, task: unknown): Promise<TaskRecord> {
  for (let wait = LOOKS.first; ; wait = Math.min(2 * wait, LOOKS.longest)) {
    let pause = 0
    try {
      const record = ((await tools.send('task.get_record', [task])) ?? {}) as TaskRecord
      if (record.status !== 'pending' && record.status !== 'cancelling') return record
    } catch (error) {
      if (tools.signal?.aborted) throw error
      if (!tools.mayPass(error)) throw await lost(tools.judge, call, task, faultIn(error))
      pause = Math.min((error as { retryAfter?: number }).retryAfter ?? 0, LONGEST_PAUSE)
    }
    await systemClock.sleep(spread(Math.max(wait, pause)), tools.signal)
  }
}

/** Hundreds of tasks that were begun together are not looked at together. */
const spread = (ms: number): number => ms * (0.8 + 0.4 * Math.random())

/** The last that was heard of a task. */
function faultIn(error: unknown): Fault {
  const { code, params, message } = (error ?? {}) as { code?: unknown; params?: object; message?: unknown }
  return {
    code: typeof code === 'string' && code !== '' ? code : UNKNOWN,
    params: Object.values(params ?? {}),
    message: String(message ?? error),
  }
}

/** The error of a task that nobody knows the end of. */
const lost = (judge: Judge, call: Called, task: unknown, { message, ...fault }: Fault): Promise<unknown> =>
  judge(
    call,
    { ...fault, message: `Nobody knows what came of the task ${String(task)}: ${message}` },
    { asListed: true },
  )

/** A fragment of XML-RPC, whatever the format of the call; empty where there is no value. */
function resultOf(result: unknown): unknown {
  if (typeof result !== 'string' || !result.startsWith('<value')) return result
  const members = `<member><name>Status</name><value>Success</value></member><member><name>Value</name>${result}</member>`
  const answer = readAnswer(
    `<methodResponse><params><param><value><struct>${members}</struct></value></param></params></methodResponse>`,
  )
  return answer?.type === 'success' ? answer.value : result
}
