import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '11-listener-left',
    what: 'every call leaves a listener on a long-lived signal',
    test: ['packages/core/test/abort.test.ts', 'a long-lived signal > keeps no listener after a success'],
    edits: [{ in: 'Deadline.release', find: "this.#caller?.removeEventListener('abort', this)", replace: '' }],
  },
  {
    name: '11-sniffed-socket-held',
    what: 'a vendor that throws over a body leaves its socket taken',
    test: [
      'packages/core/test/sniffing.test.ts',
      'a sniff that throws > ends the call as a vendor’s mistake does, and leaves neither socket nor timer behind',
    ],
    edits: [{ in: 'readBody', find: 'void reader.cancel(thrown).catch(() => {})', replace: '' }],
  },
  {
    name: '11-socket-held',
    what: 'an unread body holds its socket',
    test: [
      'packages/core/test/replies-socket.test.ts',
      'the socket of a reply > is freed by the engine itself before it tries again',
    ],
    edits: [
      {
        in: 'Reading.giveUp',
        find: 'void this.#rest.cancel().catch(() => {})',
        replace: '',
      },
    ],
  },
  {
    name: '11-timer-left',
    what: 'the timer of an attempt goes on after an early answer',
    test: [
      'packages/core/test/timeouts.test.ts',
      'the time for an attempt > leaves no timer behind after an early answer',
    ],
    edits: [{ in: 'Deadline.stopTimer', find: 'stopTime(this)', replace: '' }],
  },
]
