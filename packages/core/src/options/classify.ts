import type { Classify, ReadReply, ReplyVerdict } from '../contract/verdict.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../error/shown-value.ts'
import { ignoreRejection, isBoolean, isNumber, isText, isTexts, type Test } from './answer.ts'
import { type Check, complete, members } from './check.ts'

/** A check whose error shows no value: it comes from a reply, and may be a secret. */
const fits =
  (test: Test, wanted: string): Check =>
  (value, path) => {
    if (!test(value)) throw new OptionsError(path, `must be ${wanted}, got ${kindOf(value)}.`)
  }

const word = (...words: readonly string[]) =>
  fits((value) => isText(value) && words.includes(value), `one of ${words.map((one) => `'${one}'`).join(', ')}`)

const text = fits(isText, 'a text')
const yesOrNo = fits(isBoolean, 'true or false')

const verdict = members({
  code: fits((value) => isText(value) && value !== '' && value.length <= 200, 'a text of 1 to 200 characters'),
  kind: word('retryable', 'auth', 'conflict', 'fatal'),
  outcome: word('rejected', 'unknown'),
  retryAfter: fits(isNumber, 'a number of milliseconds'),
  message: text,
  hint: text,
  details: fits(isTexts, 'a list of texts'),
  pace: word('fast', 'slow'),
  busy: yesOrNo,
  reauth: yesOrNo,
  achieved: yesOrNo,
  trips: yesOrNo,
  pauses: yesOrNo,
} satisfies Record<keyof ReplyVerdict, Check>)

/** Wraps the function so that what it returns is checked. */
export const checkedClassify =
  (classify: Classify) =>
  (reply: ReadReply): ReplyVerdict | undefined => {
    const answer = classify(reply) ?? undefined
    if (answer === undefined) return undefined
    const path = 'classify()'
    ignoreRejection(answer)
    complete(verdict, 'code', 'kind')(answer, path)
    return answer
  }
