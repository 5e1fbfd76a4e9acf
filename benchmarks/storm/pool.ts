import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Job, Result } from './job.ts'

/** Runs all jobs in threads, one for each core. A thread stays with a contender while there is work for it. */
export async function runAll(jobs: readonly Job[], onEnd: (left: number) => void): Promise<Result[]> {
  const left = new Set(jobs)
  const results: Result[] = []
  const count = Math.min(availableParallelism(), jobs.length)
  await Promise.all(
    Array.from({ length: count }, async () => {
      const thread = new Worker(new URL('./thread.ts', import.meta.url), {
        resourceLimits: { maxYoungGenerationSizeMb: 96 },
      })
      let last: string | undefined
      for (let job = nextJob(left, last); job !== undefined; job = nextJob(left, last)) {
        left.delete(job)
        last = job.contender
        const result = await runIn(thread, job)
        if (result !== undefined) results.push(result)
        onEnd(left.size)
      }
      await thread.terminate()
    }),
  )
  return inOrder(jobs, results)
}

/** One of the same contender, or else of the one with the most left: compiled code is used again, and nobody idles. */
function nextJob(left: ReadonlySet<Job>, contender: string | undefined): Job | undefined {
  const jobs = [...left]
  const same = jobs.find((job) => job.contender === contender)
  if (same !== undefined) return same
  const [most] = [...Map.groupBy(jobs, (job) => job.contender).values()].sort((a, b) => b.length - a.length)
  return most?.[0]
}

async function runIn(thread: Worker, job: Job): Promise<Result | undefined> {
  const answered = once(thread, 'message')
  thread.postMessage(job)
  const [{ result, error }] = (await answered) as [{ readonly result?: Result; readonly error?: string }]
  if (error !== undefined) throw new Error(error)
  return result
}

/** As they were asked for, whichever ended first. */
const inOrder = (jobs: readonly Job[], results: readonly Result[]): Result[] =>
  jobs.flatMap((job) =>
    results.filter(({ scenario, contender }) => scenario === job.scenario && contender === job.contender),
  )
