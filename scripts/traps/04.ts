import type { Trap } from './place.ts'

export const traps: readonly Trap[] = [
  {
    name: '04-signal-kept',
    what: 'the signal of the attempt that took too long is kept, so that the next is born aborted',
    test: [
      'packages/core/test/timeouts.test.ts',
      'the time for an attempt > gives a retry a signal of its own: one born aborted would never leave',
    ],
    edits: [
      {
        in: 'ReplayableRequest.#sent',
        find: { context: 'class A { #sent = false }', selector: 'public_field_definition' },
        replace: '#sent = false\n  #attemptSignal: AbortSignal | undefined',
      },
      {
        in: 'ReplayableRequest.handTo',
        find: 'handOver(take, this.#input, this.#init, this.#loaded, changes)',
        replace:
          'handOver(take, this.#input, this.#init, this.#loaded, { ...changes, signal: (this.#attemptSignal ??= changes.signal) } as Changes)',
      },
    ],
  },
]
