import type { Fault, Vendor } from '@holdfast/core/plugin'
import type { XenApiRow } from './index.ts'
import { sessionPlaceholder } from './placeholder.ts'
import { readAnswer } from './wire/answer.ts'
import { writeCall } from './wire/call.ts'

/** Waits between two looks at a task: doubling from the first to the longest, in milliseconds. */
const LOOKS = { first: 500, longest: 10_000 }

/** What running a task takes. */
export interface TaskTools {
  /** Calls a method with its parameters but the session. */
  send(method: string, params: readonly unknown[]): Promise<unknown>
  readonly signal: AbortSignal | undefined
  readonly judge: TaskJudge
}

/** Makes the error of a failed task. */
export type TaskJudge = (method: string, errorInfo: readonly unknown[]) => Promise<unknown>

/** Submits a method as a task, waits for the end of the task, and returns its result. */
export async function runTask(tools: TaskTools, method: string, params: readonly unknown[]): Promise<unknown> {
  const { send, signal, judge } = tools
  const task = await send(`Async.${method}`, params)
  for (let wait = LOOKS.first; ; wait = Math.min(2 * wait, LOOKS.longest)) {
    const { status, result, error_info: errorInfo } = await look(tools, method, task)
    if (status !== 'pending' && status !== 'cancelling') {
      // It would stand for another hour, and count among two hundred.
      await send('task.destroy', [task]).catch(() => {})
      if (status === 'success') return resultOf(result)
      const words = Array.isArray(errorInfo) && errorInfo.length > 0 ? errorInfo : ['TASK_CANCELLED', task]
      throw await judge(method, words)
    }
    await sleep(wait, signal)
  }
}

interface TaskRecord {
  readonly status?: unknown
  readonly result?: unknown
  readonly error_info?: unknown
}

/** A task that is gone took its outcome along: the host's word on it says nothing of the work. */
async function look({ send, judge }: TaskTools, method: string, task: unknown): Promise<TaskRecord> {
  try {
    return ((await send('task.get_record', [task])) ?? {}) as TaskRecord
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'HANDLE_INVALID') throw error
    throw await judge(method, ['HANDLE_INVALID', 'task', task])
  }
}

/** A fragment of XML-RPC, whatever the format of the call; empty where there is no value. */
function resultOf(result: unknown): unknown {
  if (typeof result !== 'string' || !result.startsWith('<value')) return result
  const members = `<member><name>Status</name><value>Success</value></member><member><name>Value</name>${result}</member>`
  const answer = readAnswer(
    `<methodResponse><params><param><value><struct>${members}</struct></value></param></params></methodResponse>`,
  )
  return answer?.type === 'success' ? answer.value : result
}

/** An engine that sends nothing and repeats nothing, and hears such a reply as the answer to whatever it is asked. */
export type Hearing = (
  vendor: Vendor<XenApiRow>,
  reply: () => Response,
) => (url: string, init: RequestInit) => Promise<Response>

/** Makes errors of what tasks say, by the same catalogue and the same rules as of what calls say. */
export function taskFailure({ auth: _none, ...vendor }: Vendor<XenApiRow>, hearing: Hearing): TaskJudge {
  const inTask = (fault: Fault | undefined) => fault && { ...fault, inTask: true }
  const told: Vendor<XenApiRow> = { ...vendor, parse: (reply) => inTask(vendor.parse(reply)) }
  return (method, [message, ...data]) => {
    const answer = JSON.stringify({ jsonrpc: '2.0', error: { code: 1, message, data }, id: 0 })
    const reply = () => new Response(answer, { headers: { 'content-type': 'application/json' } })
    const body = writeCall('json-rpc-2.0', `Async.${method}`, [sessionPlaceholder])
    return hearing(told, reply)(`${vendor.origins?.[0]}/jsonrpc`, { method: 'POST', body }).then(
      () => new Error(`The task of ${method} failed with ${String(message)}.`),
      (error: unknown) => error,
    )
  }
}

const sleep = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
