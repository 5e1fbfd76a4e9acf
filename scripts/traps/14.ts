import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '14-mock-after-calls',
    what: 'a mock listens only after a call has warmed a connection, which then goes on to the real server',
    test: [
      'packages/core/test/mock-rules.test.ts',
      'a connection that is warm already goes past the mock to the real server > so every mock listens before any call, and lets nothing through',
    ],
    edits: [
      {
        in: 'packages/core/test/helpers/use-server.ts',
        find: "beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))",
        replace:
          "beforeAll(async () => {\n  await globalThis.fetch('https://api.example').catch(() => {})\n  server.listen()\n})",
      },
    ],
  },
  {
    name: '14-sockets-beside-mocks',
    what: 'real sockets and mocks stand in one file, where a warm connection joins the two',
    test: [
      'packages/core/test/mock-rules.test.ts',
      'a connection that is warm already goes past the mock to the real server > so tests on real sockets stand in files of their own',
    ],
    edits: [
      {
        in: 'packages/core/test/replies.test.ts',
        find: "import { HttpResponse, http } from 'msw'",
        replace: "import { createServer } from 'node:http'\nimport { HttpResponse, http } from 'msw'",
      },
      {
        in: 'packages/core/test/replies.test.ts',
        find: "const origin = 'https://api.example'",
        replace: "const origin = 'https://api.example'\nbeforeAll(() => void createServer().listen(0))",
      },
    ],
  },
]
