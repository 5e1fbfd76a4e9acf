import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '16-hedge-not-repeatable',
    what: 'work that must not be done twice goes out a second time because its answer is late',
    test: ['packages/core/test/hedge.test.ts', 'nothing goes out a second time > of a POST'],
    edits: [{ in: 'hedgeOf', find: '!call.isRepeatable()', replace: 'false' }],
  },
  {
    name: '16-hedge-of-a-stream',
    what: 'a body that can be sent only once goes out with the second sending, too',
    test: ['packages/core/test/hedge.test.ts', 'nothing goes out a second time > of a stream'],
    edits: [{ in: 'hedgeOf', find: '!request.canBeSentTwice', replace: 'false' }],
  },
  {
    name: '16-hedge-takes-a-probe',
    what: 'a second sending takes the place of a probe, so that a half-open circuit meets twice what it lets through',
    test: ['packages/core/test/hedge.test.ts', 'nothing goes out a second time > while the circuit is half-open'],
    edits: [{ in: 'takeHedgePermit', find: "(breaker === undefined || breaker.state === 'closed')", replace: 'true' }],
  },
  {
    name: '16-hedge-under-a-limit',
    what: 'requests go out twice to a service that has just said that it is too much',
    test: [
      'packages/core/test/hedge.test.ts',
      'nothing goes out a second time > while the service holds back: after a 429 it has a limit',
    ],
    edits: [{ in: 'takeHedgePermit', find: 'gate.limit === undefined', replace: 'true' }],
  },
  {
    name: '16-history-shared',
    what: 'calls without a history of their own write to one that is shared, so that each spends the retries of all',
    test: ['packages/core/test/retry.test.ts', 'the limit > holds for each call by itself'],
    edits: [
      { in: 'packages/core/src/call/progress.ts', find: 'Object.freeze(part)', replace: 'void part' },
      { in: 'CallProgress.keepHistory', find: 'if ($A) this.history = new CallHistory()', replace: '' },
    ],
  },
  {
    name: '16-key-of-an-attempt',
    what: 'each attempt gets an idempotency key of its own, so that the service takes a retry for another request',
    test: [
      'packages/core/test/idempotency-key.test.ts',
      '`idempotencyKey: "auto"` > makes a key for each call, and keeps it over its attempts',
    ],
    edits: [
      {
        in: 'headersOf',
        find: 'headers.set(idempotencyKey.header, idempotencyKey.value)',
        replace: 'headers.set(idempotencyKey.header, crypto.randomUUID())',
      },
    ],
  },
  {
    name: '16-nested-multiplies',
    what: 'a client within a client retries, and the one around it does so again for each of its attempts',
    test: [
      'packages/core/test/nested.test.ts',
      'a client whose `fetch` is another client > does not multiply its retries: a 503',
    ],
    edits: [
      { in: 'withinOuter', find: 'isLeftToOuter(call, verdict, decideOnly)', replace: 'false' },
      { in: 'endOf', find: 'return isOpen ? undefined : reason', replace: 'return undefined' },
    ],
  },
  {
    name: '16-nested-forgets',
    what: 'a client around another takes its last answer for all, although an attempt before may have done the work',
    test: [
      'packages/core/test/nested.test.ts',
      'a client whose `fetch` is another client > says so of a POST that the one within may have done in a retry of its own',
    ],
    edits: [{ in: 'faultWithin', find: 'mayBeDone(attempts)', replace: 'false' }],
  },
  {
    name: '16-poll-spends-budget',
    what: 'a poll that fails is retried like a call, and spends the retry budget of calls',
    test: ['packages/core/test/work.test.ts', 'work > spends nothing of the retry budget, and its polls show as such'],
    edits: [
      {
        in: 'pollingEngine',
        find: { context: '({ limit: 0 })', selector: 'pair' },
        replace: 'limit: engine.policy.limit',
      },
    ],
  },
]
