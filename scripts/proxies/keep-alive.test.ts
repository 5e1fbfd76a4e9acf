import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { SendResult } from './send.ts'
import { throughProxies } from './through-proxies.ts'

/** Both proxies close a connection that has been idle for so many milliseconds. */
const KEEP_ALIVE = 1_000

// One after the other: whoever has many requests under way comes back too late for the connection.
throughProxies(
  'a real proxy and the connection that is used again',
  (proxy) => {
    // HAProxy writes no 502 here: it closes and leaves the retry to the client, who does not know that the work was done.
    test('a back end that dies after a POST over a connection used before: not repeated, may be done', async () => {
      const first = await proxy.send('POST /work', { keepAlive: true })
      await first.response?.arrayBuffer()
      await setTimeout(1)
      const { error, attempts, counts } = await proxy.send('POST /die', { keepAlive: true })
      expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
      expect([attempts, counts.executed, counts.reused]).toEqual([1, 1, 1])
    })

    test('closed just as it is used: no POST is lost or done twice without a word, and no GET fails', async () => {
      const posts: SendResult[] = []
      const gets: SendResult[] = []
      const lane = async (_: unknown, index: number) => {
        for (let round = 0; round < 5; round++) {
          const [what, results] = index % 3 === 0 ? (['GET /work', gets] as const) : (['POST /work', posts] as const)
          const result = await proxy.send(what, { keepAlive: true })
          await result.response?.arrayBuffer()
          results.push(result)
          // Now a little before the proxy closes, now a little after, now at once.
          await setTimeout(KEEP_ALIVE - 2 + (index % 5))
        }
      }
      await Promise.all(Array.from({ length: 72 }, lane))

      const reused = [...posts, ...gets].filter(({ counts }) => counts.reused > 0)
      expect(reused.length, 'requests over a connection used before').toBeGreaterThan(0)
      expect(gets.filter(({ response }) => response === undefined)).toEqual([])
      expect(posts.filter(({ attempts }) => attempts > 1)).toEqual([])
      for (const { error } of posts.filter(({ response }) => response === undefined)) {
        expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
      }
      for (const { response, counts } of posts) {
        // A reply that was lost leaves the work done.
        if (response === undefined) expect(counts.executed, 'done, with an error').toBeLessThanOrEqual(1)
        else expect(counts.executed, 'done, with a reply').toBe(1)
      }
    })
  },
  { concurrent: false },
)
