import { parentPort, workerData } from 'node:worker_threads'
import { Coverage } from './coverage.ts'
import { type Finding, Loop } from './loop.ts'

/** A reader with a bug that only a word reaches that is hard to guess. */
function readCarelessly(input: Uint8Array): string {
  if (input[0] !== 0x66) return 'none'
  if (input[1] !== 0x75) return 'none'
  if (input[2] !== 0x7a) return 'none'
  if (input[3] !== 0x7a) return 'none'
  throw new Error('Careless')
}

const readers = { careless: readCarelessly, kinds: (input: Uint8Array) => String(input.length % 5) }
const { reader, most } = workerData as { readonly reader: keyof typeof readers; readonly most: number }

// Runs the loop until it finds something, or for so many inputs.
const findings: Finding[] = []
const loop = new Loop(
  { name: reader, covers: /./, seeds: [], run: readers[reader] },
  {
    coverage: new Coverage((url) => url.includes('careless-worker')),
    words: ['f', 'u', 'z'].map((word) => Buffer.from(word)),
    seed: 7,
    isOver: () => findings.length > 0 || loop.executions > most,
    before: () => {},
    found: (finding) => findings.push(finding),
  },
)
await loop.run([Buffer.from('a word')])
parentPort?.postMessage({ findings, kept: loop.kept })
