import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '13-password-in-cause',
    what: 'the error of a refused login is clean, but its cause holds the password',
    test: [
      'packages/core/test/secrets.test.ts',
      'a secret that a server repeats is not in the error, its cause or anything told: > the password, in the error of a refused login and in its cause',
    ],
    edits: [
      { in: 'secretsOfCall', find: 'internal?.secrets()', replace: 'undefined' },
      { in: 'secretsOf', find: 'secretsOfBody(body, facts, vendor)', replace: '[]' },
      { in: 'secretsOfReply', find: 'secretsInBody(text)', replace: '[]' },
      { in: 'causeOf', find: '[...behind.secrets, ...secrets]', replace: 'behind.secrets' },
    ],
  },
  {
    name: '13-query-in-log',
    what: 'a logged request shows the token in its query',
    test: [
      'packages/core/test/secrets.test.ts',
      'what a URL hides in its query, its fragment and its user information is told by nobody: > after a fault',
    ],
    edits: [{ in: 'showableUrl', find: 'parsed.origin + parsed.pathname', replace: 'parsed.href' }],
  },
  {
    name: '13-secret-in-code',
    what: 'a server repeats a session in place of a code',
    test: [
      'packages/core/test/secrets-in-codes.test.ts',
      'a secret where a server puts no word of its own into a code > is told by nobody: not by the error, nor by what was decided',
    ],
    edits: [{ in: 'foundFault', find: 'call.secrets({ session, reading })', replace: '[]' }],
  },
  {
    name: '13-secret-of-a-body',
    what: 'a secret that its caller shows in a body is told by the error',
    test: [
      'packages/core/test/body-secrets.test.ts',
      'a secret in a body that a server repeats is told by nobody: > the caller’s own session and password, in a text',
    ],
    edits: [{ in: 'secretsOf', find: 'secretsOfBody(body, facts, vendor)', replace: '[]' }],
  },
  {
    name: '13-secret-of-a-reply',
    what: 'the password that a failed reply shows stands in the error',
    test: [
      'packages/core/test/shown-secrets.test.ts',
      'a secret that a reply shows by its name is told by nobody > the password of a new machine',
    ],
    edits: [{ in: 'secretsOfReply', find: 'secretsInBody(text)', replace: '[]' }],
  },
  {
    name: '13-token-in-message',
    what: 'the server repeats the session’s token, and it stands in the error’s message and parameters',
    test: [
      'packages/core/test/secrets.test.ts',
      'a secret that a server repeats is not in the error, its cause or anything told: > the session’s token',
    ],
    edits: [{ in: 'spellings', find: 'secret.length < SHORTEST', replace: 'secret.length >= SHORTEST' }],
  },
  {
    name: '13-token-of-a-straggler',
    what: 'a session that is gone from the client is no longer known for a secret',
    test: [
      'packages/core/test/secrets.test.ts',
      'a secret that a server repeats is not in the error, its cause or anything told: > the token of a straggler, whose session has been renewed or closed since',
    ],
    edits: [
      { in: 'makeFailure', find: 'call.secrets(failed)', replace: 'call.secrets()' },
      { in: 'secretsOfCall', find: 'secretsOfSigned(one, vendor)', replace: '[]' },
      {
        in: 'SharedSession.#logIn',
        find: '[...new Set([...handle.session.secrets, ...this.#secrets])]',
        replace: '[...handle.session.secrets]',
      },
    ],
  },
  {
    name: '13-raw-rejection',
    what: 'what the caller’s fetch throws goes on as it is, with a session in one of its members',
    test: [
      'packages/core/test/secrets-leave.test.ts',
      'a rejection that is none of our affair > is a copy without the secret where that stands in a member',
    ],
    edits: [
      {
        in: 'end',
        find: 'redactThrown(ended.thrown, new Redactor(call.secrets()))',
        replace: 'ended.thrown',
      },
    ],
  },
  {
    name: '13-asked-with-secrets',
    what: '`onConflict` gets the words of the server as they came',
    test: [
      'packages/core/test/secrets-leave.test.ts',
      'onConflict > gets a verdict without secrets, and with the members that are known alone',
    ],
    edits: [{ in: 'askUser', find: 'redactVerdict(failed.verdict, redactor)', replace: 'failed.verdict' }],
  },
  {
    name: '13-session-in-a-foreign-body',
    what: 'a session is put into the body of a request for any host',
    test: [
      'packages/core/test/body-secrets.test.ts',
      'a secret in a body > is not put into a request for another host, whatever its path',
    ],
    edits: [{ in: 'destinationFor', find: 'isTrusted || endpoints !== undefined', replace: 'true' }],
  },
]
