import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '10-closing-leaves-a-session',
    what: 'a call that is made after its client was closed logs in again',
    test: [
      'packages/core/test/sessions-close.test.ts',
      'close leaves no session behind > and lets no call begin any more',
    ],
    edits: [
      {
        in: 'Call.constructor',
        find: 'engine.closing',
        replace: 'new AbortController().signal',
      },
    ],
  },
  {
    name: '10-extended-signal-unheard',
    what: 'the signal of an extended client ends its calls for their callers, but their waits go on',
    test: [
      'packages/core/test/shutdown.test.ts',
      'a signal of the client > that was given to an extended one lets no retry of a POST follow',
    ],
    edits: [{ in: 'child', find: 'signals.length === 0 ? $A : $B', replace: '$A' }],
  },
  {
    name: '10-foreign-session-renewed',
    what: 'another service’s session is refused, and ours is thrown away for it',
    test: [
      'packages/core/test/sessions-elsewhere.test.ts',
      'a refusal that names a session > of another service is about that: no login, and the session stays in use',
    ],
    edits: [{ in: 'limitToSession', find: "{ ...verdict, reauth: false, outcome: 'unknown' }", replace: 'verdict' }],
  },
  {
    name: '10-fresh-sessions-for-ever',
    what: 'a service that says 401 to every fresh session is given one after another',
    test: [
      'packages/core/test/sessions.test.ts',
      'a session that ended > is not renewed for ever, where the service says 401 to every fresh one',
    ],
    edits: [{ in: 'SessionRejections.remaining', find: 'this.#wait.remaining(now)', replace: '0' }],
  },
  {
    name: '10-login-for-each-caller',
    what: 'every caller that waits begins a login of its own',
    test: [
      'packages/core/test/sessions.test.ts',
      'a login > is one for all callers that wait for it, and shown with each request',
    ],
    edits: [
      {
        in: 'SessionCache.login',
        find: 'this.#flight ??= this.#begin(inputOf())',
        replace: 'this.#flight = this.#begin(inputOf())',
      },
      { in: 'SharedSession.login', find: 'this.#login === undefined', replace: 'true' },
    ],
  },
  {
    name: '10-refused-login-repeated',
    what: 'a refused login is repeated by every call that comes, until the account is locked',
    test: [
      'packages/core/test/logins-refused.test.ts',
      'a refused login > is remembered and not repeated until its pause ends, so that no account is locked by it',
    ],
    edits: [
      { in: 'RefusedLogins.refusalFor', find: 'refusal === undefined || isDue(refusal.until, now)', replace: 'true' },
    ],
  },
  {
    name: '10-straggler-ends-new-session',
    what: 'a straggler’s late 401 throws the new session away, and so N of them log in N times',
    test: [
      'packages/core/test/sessions.test.ts',
      'a session that ended > is renewed by one login for N callers with a late 401, and stragglers take the new one',
    ],
    edits: [{ in: 'SharedSession.invalidate', find: 'session !== handle.session', replace: 'false' }],
  },
  {
    name: '10-waiter-takes-others-along',
    what: 'a caller that gives up waiting for a login ends it for all others',
    test: ['packages/core/test/sessions.test.ts', 'a login > is left to the others by a caller that gives up waiting'],
    edits: [{ in: 'SessionCache.login', find: 'this.#waiting--', replace: 'this.#closing.abort(new ClosedError())' }],
  },
]
