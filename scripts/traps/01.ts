import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '01-abort-during-wait',
    what: 'an abort during the wait is ignored: the wait goes on and the call is made again',
    test: [
      'packages/core/test/abort.test.ts',
      'an abort by the caller > during the wait ends the call at once, and nothing is sent any more',
    ],
    edits: [{ in: 'wait', find: 'call.sleep(ms)', replace: 'systemClock.sleep(ms)' }],
  },
]
