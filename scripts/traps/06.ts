import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '06-half-open-crowd',
    what: 'a half-open circuit lets everybody through at once',
    test: [
      'packages/core/test/breaker-half-open.test.ts',
      'a half-open circuit > lets one probe through, not everybody',
    ],
    edits: [
      {
        in: 'Circuit.admissionDelay',
        find: 'this.#circuit.halfOpen ? $A : $B',
        replace: '$B',
      },
    ],
  },
]
