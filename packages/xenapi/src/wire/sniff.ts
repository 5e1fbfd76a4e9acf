import type { Sniff } from '@holdfast/core/plugin'
import { AnswerDecider, ReplyDecider } from './decide.ts'
import { type Decider, type Decision, OTHER } from './decision.ts'

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/**
 * Knows a success from a failure by the beginning of a body, whatever its format and however it is cut into chunks.
 * Anything that is no answer is a success as far as this tells.
 *
 * @param wanted `reply` for a body that is somebody's content unless a whole HTTP reply stands in its place.
 */
export function sniffer(wanted: 'answer' | 'reply' = 'answer'): Sniff {
  const decider: Decider = wanted === 'answer' ? new AnswerDecider() : new ReplyDecider()
  let decision: Decision | undefined
  let mark = 0
  return (chunk) => {
    for (let at = 0; at < chunk.length && decision === undefined; at++) {
      const byte = chunk[at] ?? 0
      if (mark >= 0 && byte === BYTE_ORDER_MARK[mark]) mark = (mark + 1) % BYTE_ORDER_MARK.length
      else {
        mark = -1
        decision = decider.take(Math.min(byte, OTHER))
      }
    }
    if (decision === undefined) return 'more'
    return decision === 'failure' || decision === 'reply' ? 'fault' : 'fine'
  }
}
