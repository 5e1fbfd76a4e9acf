import { parseObject } from '@holdfast/core/plugin'
import { readEnvelope, sentenceOf } from '@holdfast/openstack'
import { isPage, sentenceOnPage } from '../../../packages/openstack/src/page.ts'
import { windowIn } from '../../../packages/openstack/src/window.ts'
import { captured, pages } from '../../../packages/openstack/test/captured.ts'
import { ensure, type Target, textOf } from '../target.ts'

const LONGEST_SENTENCE = 1_001

export const envelopes: Target = {
  name: 'openstack-envelope',
  covers: /packages\/openstack\/src\/(?:envelope|page|window|sentence|json)/,
  seeds: [
    ...captured.map(({ text }) => text),
    ...Object.values(pages),
    '{"error":{"message":"{\\"msg\\":\\"a\\",\\"code\\":\\"B.1\\"}","retryAfter":"5"}}',
    'limit:5,time:1 minute; Threshold: 5 times per 60 seconds',
  ],
  run(input) {
    const text = textOf(input)
    const seconds = windowIn(text)
    ensure(seconds === undefined || (seconds >= 0 && seconds <= 86_400), 'a window is at most a day')
    if (isPage(text)) ensure(sentenceOnPage(text).length <= LONGEST_SENTENCE, 'the text of a page is cut')
    ensure(sentenceOf([...text], (sign) => sign).length < 200, 'a sentence is short')
    const envelope = readEnvelope(text)
    if (envelope === undefined)
      return `none ${isPage(text)} ${seconds !== undefined} ${parseObject(text) !== undefined}`
    const { code, message, retryAfter, status } = envelope
    ensure(code === undefined || /^[\w.:-]{1,80}$/.test(code), 'a code is a word')
    ensure(
      message === undefined || (message.length <= LONGEST_SENTENCE && !/[\r\n]/.test(message)),
      'a message is one line',
    )
    ensure(retryAfter === undefined || (retryAfter >= 0 && retryAfter <= 86_400_000), 'a wait is at most a day')
    ensure(status === undefined || (status >= 100 && status <= 599), 'a status is one')
    return Object.keys(envelope).join()
  },
}
