import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '02-retry-after-clamped',
    what: 'a server’s word on when to return is cut to one’s own back-off',
    test: [
      'packages/core/test/retry-after.test.ts',
      'a server that says when to come back > is obeyed although our own back-off ends far below',
    ],
    edits: [
      {
        in: 'waitFor',
        find: 'verdict.wait + $A * random()',
        replace: 'Math.min(limits.curves[verdict.pace].limit, verdict.wait) + $A * random()',
      },
    ],
  },
  {
    name: '02-retry-after-misread',
    what: 'a negative or absurd value is read as a time',
    test: ['packages/core/test/retry-after.test.ts', 'reading when to come back > reads nothing out of "-1"'],
    edits: [{ in: 'nonNegative', find: '$A.test(value)', replace: '!Number.isNaN(Number(value))' }],
  },
]
