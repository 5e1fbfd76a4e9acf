import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '07-finite-retries',
    what: 'p-retry counts rounds that cost no retry, and ends the call with its own error',
    test: [
      'packages/core/test/busy.test.ts',
      'something that is at work on the object > leaves the retries of the call to what else it meets',
    ],
    edits: [{ in: 'goRound', find: 'FOREVER', replace: '{ ...FOREVER, retries: call.policy.limit }' }],
  },
  {
    name: '07-signal-given',
    what: 'p-retry, given the signal, throws after a success and drops the unread reply',
    test: [
      'packages/core/test/abort.test.ts',
      'an abort by the caller > at the moment that a retry’s reply arrives drops no unread reply: it is the caller’s',
    ],
    edits: [{ in: 'goRound', find: 'FOREVER', replace: '{ ...FOREVER, ...(call.signal && { signal: call.signal }) }' }],
  },
  {
    name: '07-thrown-into-the-loop',
    what: 'a value thrown into p-retry is taken for a failed attempt, and wrapped if it is no error',
    test: ['packages/core/test/retry.test.ts', 'what is none of our affair > comes back as it is from a retry, too'],
    edits: [
      { in: 'conclude', find: 'return endMistaken(call, thrown, result)', replace: 'throw thrown' },
      { in: 'round', find: 'return endMistaken(call, thrown)', replace: 'throw thrown' },
    ],
  },
]
