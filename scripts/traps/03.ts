import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '03-body-reused',
    what: 'a body that has left is sent a second time, so that the retry fails here and not there',
    test: [
      'packages/core/test/bodies.test.ts',
      'a body that can be read again > is sent again out of a Request that holds a text',
    ],
    edits: [{ in: 'ReplayableRequest.prepareResend', find: 'this.#ownsRequestBody() ? $A : $B', replace: '$B' }],
  },
  {
    name: '03-changing-get-repeated',
    what: 'a GET that changes something is repeated, because GETs are',
    test: [
      'packages/core/test/safe-posts.test.ts',
      'a GET that changes something > is not repeated where it may be done, and the error says that it may be',
    ],
    edits: [{ in: 'IDEMPOTENT', find: "['PUT', 'DELETE']", replace: "['GET', 'HEAD', 'PUT', 'DELETE']" }],
  },
  {
    name: '03-post-repeated',
    what: 'a POST is repeated by default',
    test: [
      'packages/core/test/retry.test.ts',
      'a request that changes something > by POST is not repeated when it may have been done',
    ],
    edits: [{ in: 'IDEMPOTENT', find: "['PUT', 'DELETE']", replace: "['POST', 'PUT', 'DELETE']" }],
  },
]
