import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '08-ky-retries-multiply',
    what: 'ky retries beside the engine: three times the calls, one loop within the other',
    test: ['packages/core/test/ky.test.ts', 'kyOptions: ky and the engine under it > do not multiply their retries'],
    edits: [
      { in: 'send', find: 'client(input, init)', replace: 'client.fetch(input, init)' },
      { in: 'translate', find: 'call.retry = 0', replace: 'call.retry = 2' },
    ],
  },
  {
    name: '08-ky-retry-unheard',
    what: 'a call’s own `retry: 0` is taken for the default and not heard',
    test: [
      'packages/core/test/ky.test.ts',
      'resilientKy: ky and the engine under it > take a call’s own word on retries as theirs: retry: 0',
    ],
    edits: [{ in: 'NO_RETRY', find: '-0', replace: '0' }],
  },
  {
    name: '08-ky-timeout-cuts',
    what: 'ky’s own ten seconds cut the engine’s loop in the midst of a wait',
    test: [
      'packages/core/test/ky.test.ts',
      'kyOptions: ky and the engine under it > do not cut one another’s time: ky’s ten seconds end no loop',
    ],
    edits: [{ in: 'translate', find: 'call.timeout = false', replace: 'call.timeout = 10_000' }],
  },
]
