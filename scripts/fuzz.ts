// Feeds every reader and parser what brings it to new places, changed again and again, and checks what must hold.
//
// `pnpm fuzz [target …] [--seconds N] [--seed N] [--keep]`: with `--keep` the inputs that led somewhere new are kept in
// the corpus, which the test run replays. Ends with 1 where something did not hold.
import { Worker } from 'node:worker_threads'
import { commandLine } from './command-line.ts'
import { lineOf } from './fuzz/corpus.ts'
import { HEAD, type Orders, SHARED, type WorkerMessage } from './fuzz/protocol.ts'
import { targets } from './fuzz/targets/all.ts'

const HEAP_MB = 192
/** Milliseconds of CPU without an end of one input, after which it counts as endless. */
const ENDLESS = 20_000
const MOST_FINDINGS = 20

const names = targets.map(({ name }) => name)
const usage = `Usage: pnpm fuzz [TARGET]... [--seconds N] [--seed N] [--keep]
Targets: ${names.join(', ')}`
const { values, positionals, fail, number } = commandLine(usage, {
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    keep: { type: 'boolean', default: false },
  },
})
const stranger = positionals.find((name) => !names.includes(name))
if (stranger !== undefined) fail(`There is no target ${stranger}.`)
const seconds = number('seconds')

let failed = false
for (const name of positionals.length > 0 ? positionals : names) failed = (await fuzz(name)) > 0 || failed
process.exitCode = failed ? 1 : 0

/** Runs one target, and returns the number of different violations. */
async function fuzz(target: string): Promise<number> {
  const memory = new SharedArrayBuffer(HEAD + SHARED)
  const orders: Orders = {
    target,
    memory,
    keeps: values.keep,
    seconds,
    seed: Number(values.seed),
  }
  const worker = new Worker(new URL('./fuzz/worker.ts', import.meta.url), {
    workerData: orders,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  const findings = new Map<string, string>()
  const found = (error: string, input: Uint8Array) => {
    const kind = error.split('\n').slice(0, 2).join('\n').replace(/\d+/g, '#')
    if (findings.has(kind) || findings.size === MOST_FINDINGS) return
    findings.set(kind, lineOf(input))
    console.error(`${target}: ${error}\n  input: ${lineOf(input)}`)
  }
  const watch = watching(memory, (input) => {
    found('Does not end', input)
    void worker.terminate()
  })
  worker.on('message', (posted: WorkerMessage) => {
    if (posted.type === 'found') return found(posted.error, posted.input)
    const share = `${(100 * posted.share).toFixed(1)} % of ${posted.characters} characters`
    console.log(
      `${target}: ${posted.executions} executions, ${posted.kept} inputs kept, ${share} covered, seed ${values.seed}`,
    )
  })
  worker.on('error', (error) => found(error instanceof Error ? error.message : String(error), inputIn(memory)))
  await new Promise((resolve) => worker.once('exit', resolve))
  clearInterval(watch)
  return findings.size
}

const inputIn = (memory: SharedArrayBuffer): Uint8Array =>
  Uint8Array.from(new Uint8Array(memory, HEAD, new Int32Array(memory)[1]))

/** Tells of an input that has run for too long. */
function watching(memory: SharedArrayBuffer, isEndless: (input: Uint8Array) => void): NodeJS.Timeout {
  let last = -1
  let since = process.cpuUsage()
  return setInterval(() => {
    const now = Atomics.load(new Int32Array(memory, 0, 1), 0)
    const { user, system } = process.cpuUsage(since)
    if (now !== last) {
      last = now
      since = process.cpuUsage()
    } else if (now > 0 && (user + system) / 1_000 > ENDLESS) {
      isEndless(inputIn(memory))
    }
  }, 500)
}
