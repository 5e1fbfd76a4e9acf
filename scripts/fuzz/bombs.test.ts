import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { targets } from './targets/all.ts'

/** As much as the engine reads of a success to know it from a failure, which is more than it reads of a failure. */
const SIZE = 1_048_576
/** Megabytes: about 64 for the sources and catalogues of all, and 64 beyond. V8 ends a worker that wants more. */
const HEAP = 64 + 64

/** Feeds a target every hostile text in a heap that is bounded. */
function bombed(name: string): Promise<readonly string[]> {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>()
  const worker = new Worker(new URL('./bomb-worker.ts', import.meta.url), {
    workerData: { name, size: SIZE },
    resourceLimits: { maxOldGenerationSizeMb: HEAP, maxYoungGenerationSizeMb: 16 },
  })
  let last = 'its start'
  worker.on('message', ({ at, failures }: { readonly at?: string; readonly failures?: readonly string[] }) => {
    last = at ?? last
    if (failures !== undefined) resolve(failures)
  })
  worker.on('error', (error) => resolve([`${last}: ${error}`]))
  return promise
}

describe.each(targets)('$name', ({ name }) => {
  it('stands every hostile text in 64 MiB', async () => {
    expect(await bombed(name)).toEqual([])
  })
})
