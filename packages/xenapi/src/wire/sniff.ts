import type { Sniff } from '@holdfast/core/plugin'
import { AnswerDetector, ReplyDetector } from './detect.ts'
import { type BodyKind, type Detector, OTHER } from './detector.ts'

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/**
 * Makes a sniff that distinguishes a success from a failure by the beginning of a body, in any format and any chunks.
 *
 * @param wanted `answer` if a body that is no answer counts as a success, `own-answer` if it is a failure; `reply` for the body of
 *   a handler, which is a failure only if it is a whole HTTP reply.
 */
export function sniffer(wanted: 'answer' | 'own-answer' | 'reply' = 'answer'): Sniff {
  const detector: Detector = wanted === 'reply' ? new ReplyDetector() : new AnswerDetector()
  let kind: BodyKind | undefined
  let mark = 0
  return (chunk) => {
    for (let at = 0; at < chunk.length && kind === undefined; at++) {
      const byte = chunk[at] ?? 0
      if (mark >= 0 && byte === BYTE_ORDER_MARK[mark]) mark = (mark + 1) % BYTE_ORDER_MARK.length
      else {
        mark = -1
        kind = detector.take(Math.min(byte, OTHER))
      }
    }
    if (kind === undefined) return 'more'
    return kind === 'failure' || kind === 'reply' || (kind === 'none' && wanted === 'own-answer') ? 'fault' : 'fine'
  }
}
