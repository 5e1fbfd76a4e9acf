import { parentPort } from 'node:worker_threads'
// First of all.
import './virtual-time.ts'
import { type Job, runJob } from './job.ts'

// Thousands of errors are made here, and their stacks are not read.
Error.stackTraceLimit = 0

parentPort?.on('message', (job: Job) => {
  void runJob(job).then(
    (result) => parentPort?.postMessage({ result }),
    (error: unknown) => parentPort?.postMessage({ error: `${job.scenario}, ${job.contender}: ${String(error)}` }),
  )
})
