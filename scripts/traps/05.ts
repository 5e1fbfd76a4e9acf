import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '05-aborted-probe-wedges',
    what: 'a probe that its caller aborts keeps the place',
    test: [
      'packages/core/test/breaker-half-open.test.ts',
      'a half-open circuit > is not wedged, closed or opened by a probe that its caller aborts',
    ],
    edits: [{ in: 'Breaker.release', find: 'this.#circuit?.giveBack(permit)', replace: '' }],
  },
  {
    name: '05-no-minimum',
    what: 'a circuit opens at its first failure, without a minimum of calls',
    test: [
      'packages/core/test/breaker.test.ts',
      'a closed circuit > does not open at the first failure, nor at any below the minimum',
    ],
    edits: [
      {
        in: 'makeCircuit',
        find: { context: '({ volumeThreshold: minimum })', selector: 'pair' },
        replace: 'volumeThreshold: 0',
      },
      { in: 'Breaker.#count', find: 'failed >= $A', replace: 'failed > 0' },
    ],
  },
  {
    name: '05-options-shared',
    what: 'all circuits share one object of options, so that the open time of one grows for all',
    test: [
      'packages/core/test/breaker-half-open.test.ts',
      'a half-open circuit > never lets the open time of one host grow with the failures of another',
    ],
    edits: [
      {
        in: 'makeCircuit',
        find: 'const settings = $A',
        replace: 'const all = makeCircuit as { shared?: object }\n  const settings = (all.shared ??= $A)',
      },
      {
        in: 'Circuit.#prepare',
        find: 'openTimeOf($A, $B, $C)',
        replace: 'this.#settings.resetTimeout * (this.#openings > 0 ? 1.5 : 1)',
      },
    ],
  },
  {
    name: '05-probe-wedges',
    what: 'a probe that never answers keeps the place for ever',
    test: [
      'packages/core/test/breaker-half-open.test.ts',
      'a half-open circuit > is not wedged by a probe that never answers: its place goes to the next',
    ],
    edits: [{ in: 'ProbeLeases.delay', find: '$A.filter((until) => until > now)', replace: '$A' }],
  },
  {
    name: '05-refusals-counted',
    what: 'refusals count as calls, so that after many of them no failure opens the circuit again',
    test: [
      'packages/core/test/breaker-half-open.test.ts',
      'a half-open circuit > counts no refusal: after a thousand of them it opens at the same failures',
    ],
    edits: [
      {
        in: 'Circuit.probeDelay',
        find: 'Math.max($$$)',
        replace: '(this.#window.add(false, false, now), Math.max(1, this.#reopensAt - now))',
      },
      { in: 'Circuit.#forget', find: 'this.#window.clear()', replace: '' },
    ],
  },
  {
    name: '05-straggler-closes',
    what: 'a success of a request from before the opening closes a half-open circuit',
    test: [
      'packages/core/test/breaker-half-open.test.ts',
      'a half-open circuit > is not closed by a straggler: a success of a request from before it opened counts for nothing',
    ],
    edits: [
      {
        in: 'Circuit.counts',
        find: 'permit.epoch === this.#permit.epoch || isLateProbe',
        replace: 'true',
      },
    ],
  },
  {
    name: '05-timer-per-circuit',
    what: 'every circuit runs timers of its own, although nothing happens',
    test: ['packages/core/test/breaker.test.ts', 'a closed circuit > holds no timer, however many there are'],
    edits: [{ in: 'makeCircuit', find: 'INERT as unknown as NodeJS.EventEmitter', replace: 'undefined' }],
  },
  {
    name: '05-window-sorted',
    what: 'opossum counts by itself, and sorts the latencies of its whole window at each failure',
    test: ['packages/core/test/breaker.test.ts', 'a closed circuit > does not sort its whole window at each failure'],
    edits: [
      { in: 'makeCircuit', find: 'Object.defineProperty($$$)', replace: '' },
      { in: 'makeCircuit', find: "circuit.removeAllListeners('fire')", replace: '' },
      { in: 'makeCircuit', find: "circuit.removeAllListeners('failure')", replace: '' },
    ],
  },
  {
    name: '05-window-survives',
    what: 'failures from before the outage open a circuit again that has just closed',
    test: [
      'packages/core/test/breaker-half-open.test.ts',
      'a half-open circuit > closes with a clean slate: one more failure does not open it, and the open time starts anew',
    ],
    edits: [{ in: 'Circuit.#forget', find: 'this.#window.clear()', replace: '' }],
  },
]
