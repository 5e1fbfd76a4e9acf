import { parentPort, workerData } from 'node:worker_threads'
import { readCorpus, writeCorpus } from './corpus.ts'
import { Coverage } from './coverage.ts'
import { Loop } from './loop.ts'
import { HEAD, type Orders, SHARED, type WorkerMessage } from './protocol.ts'
import { wordsFor } from './words.ts'

/** Bytes of an input that is kept in the corpus. */
const LONGEST = 400

const { target: name, seconds, seed, keeps, memory } = workerData as Orders
const numbers = new Int32Array(memory, 0, 2)
const bytes = new Uint8Array(memory, HEAD, SHARED)
const post = (message: WorkerMessage) => parentPort?.postMessage(message)

// Before the sources are loaded, so that what runs then counts.
const isSource = (url: string) => /\/packages\/[^/]+\/src\//.test(url) && !/\/(?:simulator|catalogue)\b/.test(url)
const coverage = new Coverage(isSource)
const { targets } = await import('./targets/all.ts')
const target = targets.find((one) => one.name === name)
if (target === undefined) throw new Error(`There is no target ${name}.`)
const { covers } = target

const end = performance.now() + seconds * 1_000
const around = {
  coverage,
  words: wordsFor(covers),
  seed,
  isOver: () => performance.now() > end,
  before(input: Uint8Array) {
    bytes.set(input.subarray(0, SHARED))
    numbers[1] = Math.min(input.length, SHARED)
    Atomics.add(numbers, 0, 1)
  },
  found: ({ input, error }: { readonly input: Uint8Array; readonly error: string }) =>
    post({ type: 'found', input: Uint8Array.from(input), error }),
}
coverage.add(coverage.take())
const loop = new Loop(target, around)
const seeds = target.seeds.map((text) => Buffer.from(text))
await loop.run([...readCorpus(name), ...seeds])
if (keeps) {
  const least = new Loop(target, { ...around, coverage: new Coverage(isSource), isOver: () => true })
  await least.run(seeds)
  const known = least.kept.length
  // The shortest first: what they reach, the longer ones need not.
  await least.run(
    loop.kept.filter(({ length }) => length <= LONGEST).toSorted((one, other) => one.length - other.length),
  )
  writeCorpus(name, least.kept.slice(known))
}
const { share, all } = coverage.share((url) => covers.test(url))
post({ type: 'ended', executions: loop.executions, kept: loop.kept.length, share, characters: all })
