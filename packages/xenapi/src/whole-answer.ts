import {
  type FailureDetails,
  type Fault,
  type ReadTextOptions,
  type SentRequest,
  systemClock,
} from '@holdfast/core/plugin'
import { readAnswer } from './wire/answer.ts'
import { UNKNOWN } from './wire/rpc-answer.ts'

/** The parts of the engine's client that reading an answer needs. */
export interface AnswerClient {
  readText(reply: Response, request: SentRequest, options?: ReadTextOptions): Promise<string>
  failure(fault: Fault, request: SentRequest, details?: FailureDetails): Promise<Error>
  explain(error: Error): Promise<{ readonly verdict?: { readonly code: string } }>
}

/** A whole answer, or the reason why it has no value. */
export type WholeAnswer = { readonly type: 'value'; readonly value: unknown } | UnreadAnswer

/** An answer without a value: its text if it came whole, else the error of reading it. */
export type UnreadAnswer =
  | { readonly type: 'unreadable'; readonly text: string }
  | { readonly type: 'broken'; readonly error: Error }

/**
 * Reads a whole answer.
 *
 * @param bounds monotonic milliseconds at which the call must have ended, and the most bytes of an answer.
 * @throws the reason of the request's signal.
 */
export async function readWholeAnswer(
  client: AnswerClient,
  reply: Response,
  request: Exclude<SentRequest, Request>,
  { until, maxBytes }: { readonly until: number; readonly maxBytes: number | undefined },
): Promise<WholeAnswer> {
  try {
    const text = await client.readText(reply, request, {
      within: until - systemClock.now(),
      ...(maxBytes !== undefined && { maxBytes }),
    })
    const answer = readAnswer(text)
    return answer?.type === 'success' ? { type: 'value', value: answer.value } : { type: 'unreadable', text }
  } catch (thrown) {
    if (request.signal?.aborted) throw thrown
    return { type: 'broken', error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }
}

/** True for an answer that another attempt may be able to read: not one that is too long. */
export const mayBeReadLater = (answer: WholeAnswer): boolean =>
  answer.type !== 'value' && !(answer.type === 'broken' && isTooLong(answer.error))

const isTooLong = (error: Error): boolean => error instanceof RangeError

/** Makes the error of an answer without a value. The host had received the call, so one that changes something may be done. */
export async function unreadError(
  client: AnswerClient,
  request: SentRequest,
  method: string,
  answer: UnreadAnswer,
): Promise<Error> {
  const outcome = 'unknown'
  const about = `The answer to ${method}`
  if (answer.type === 'unreadable') {
    const response = new Response(answer.text)
    return client.failure({ code: UNKNOWN, message: `${about} cannot be read.` }, request, { outcome, response })
  }
  const { error } = answer
  const details = { outcome, cause: error } as const
  if (isTooLong(error)) {
    return client.failure(
      { code: UNKNOWN, message: `${about} is longer than \`answerLimit\` allows: ${error.message}` },
      request,
      details,
    )
  }
  const code = (await client.explain(error)).verdict?.code ?? 'NETWORK_ERROR'
  return client.failure({ code, message: `${about} broke off: ${error.message}` }, request, details)
}
