import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '09-aborts-counted',
    what: 'the user’s own aborts open the circuit',
    test: ['packages/core/test/breaker.test.ts', 'a closed circuit > is never opened by the user’s own aborts'],
    edits: [
      {
        in: 'finishAttempt',
        find: 'giveBack(call)',
        replace: "(permit && service.admission.breaker?.record(permit, 'failure', false, now), giveBack(call))",
      },
    ],
  },
  {
    name: '09-endpoints-waive-the-budget',
    what: 'a service of several dead endpoints is asked for ever, for each costs no token',
    test: [
      'packages/core/test/endpoints-outage.test.ts',
      'a service all of whose endpoints are dead > is asked no oftener for having several: an endpoint that a call has been at costs a token',
    ],
    edits: [
      { in: 'failsOverToUntried', find: "$A && !call.route.hasTried(call.endpoints?.active ?? '')", replace: '$A' },
    ],
  },
  {
    name: '09-one-dead-endpoint',
    what: 'the open circuit of a dead endpoint fails the calls that another would serve',
    test: [
      'packages/core/test/endpoints.test.ts',
      'an endpoint that is not to be reached > keeps nobody from the next one by its open circuit',
    ],
    edits: [{ in: 'circumstancesOf', find: 'call.willFailOver() ? 0 : $A', replace: '$A' }],
  },
  {
    name: '09-one-dead-host',
    what: 'one dead host blocks another on the same client',
    test: [
      'packages/core/test/breaker.test.ts',
      'a closed circuit > of one host is not opened by another dead host on the same client',
    ],
    edits: [
      {
        in: 'serviceNameOf',
        find: 'target.origin',
        replace: "'any'",
      },
    ],
  },
]
