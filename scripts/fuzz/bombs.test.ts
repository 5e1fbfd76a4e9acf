import { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import type { BombOrder } from './bomb-worker.ts'
import { targets } from './targets/all.ts'

/**
 * An eighth of what the engine reads of a success to know it from a failure, which is more than it reads of a failure:
 * whoever stands this in an eighth of the memory stands the whole of it, and it takes an eighth of the time.
 */
const SIZE = 131_072
/**
 * Megabytes: about 20 for the sources and catalogues of all, 16 beyond, and 16 for what a busy machine has not swept yet. V8 ends
 * a worker that wants more.
 */
const HEAP = 20 + 16 + 16

let worker: Worker | undefined

/** One for all targets, and another for the rest of them where one of them has ended it. */
function startWorker(): Worker {
  worker = new Worker(new URL('./bomb-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP, maxYoungGenerationSizeMb: 16 },
  })
  return worker
}
afterAll(() => worker?.terminate())

/** Feeds a target every hostile text in a heap that is bounded. */
async function bombed(name: string): Promise<readonly string[]> {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>()
  const running = worker ?? startWorker()
  let last = 'its start'
  const hear = ({ at, failures }: { readonly at?: string; readonly failures?: readonly string[] }) => {
    last = at ?? last
    if (failures !== undefined) resolve(failures)
  }
  const end = (error: unknown) => {
    worker = undefined
    resolve([`${last}: ${error}`])
  }
  running.on('message', hear).on('error', end)
  running.postMessage({ name, size: SIZE } satisfies BombOrder)
  try {
    return await promise
  } finally {
    running.off('message', hear).off('error', end)
  }
}

describe.each(targets)('$name', ({ name }) => {
  it('stands every hostile text in 16 MiB', async () => {
    expect(await bombed(name)).toEqual([])
  })
})
