import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { lineOf, readCorpus } from './corpus.ts'
import type { Finding } from './loop.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import { otherValue } from './values.ts'

/** Runs the loop until it finds something, or for so many inputs; in a thread of its own, whose coverage is small. */
async function hunt(reader: 'careless' | 'kinds', most: number): Promise<Hunt> {
  const worker = new Worker(new URL('./careless-worker.ts', import.meta.url), { workerData: { reader, most } })
  const [found]: Hunt[] = await once(worker, 'message')
  return found ?? expect.fail('It found nothing.')
}

interface Hunt {
  readonly findings: readonly Finding[]
  readonly kept: readonly Uint8Array[]
}

describe('the loop', () => {
  it('comes step by step to a place that chance alone would not reach', async () => {
    const { findings, kept } = await hunt('careless', 20_000)
    expect(findings[0]?.error).toContain('Careless')
    expect(Buffer.from(findings[0]?.input ?? []).toString('latin1')).toMatch(/^fuzz/)
    expect(kept.length).toBeGreaterThanOrEqual(4)
  })

  it('keeps an input for a result of a new kind', async () => {
    const { kept } = await hunt('kinds', 400)
    expect(new Set(kept.map(({ length }) => length % 5)).size).toBe(5)
  })
})

it('mutations are the same for the same seed, and bounded', () => {
  const changed = (seed: number) => {
    const random = new Random(seed)
    const material = { random, words: [Buffer.from('word')], other: () => Buffer.from('another input') }
    let input: Uint8Array = Buffer.from('{"a":[1,2]}')
    return Array.from({ length: 500 }, () => {
      input = mutate(input, material)
      expect(input.length).toBeLessThanOrEqual(16_384)
      return lineOf(input)
    })
  }
  expect(changed(3)).toEqual(changed(3))
  expect(changed(3)).not.toEqual(changed(4))
})

it('a value is replaced as a whole, wherever it stands', () => {
  const random = new Random(5)
  const seen = new Set(Array.from({ length: 500 }, () => otherValue('200 /\u001e{"a":[1,{"b":"c,]"}],"d":-2}', random)))
  expect(seen).toContain('200 /\u001e{"a":null,"d":-2}')
  expect(seen).toContain('200 /\u001e{"a":[1,{"b":[]}],"d":-2}')
  expect(seen).toContain('200 /\u001e{"a":[1,{"b":"c,]"}],"d":[-2]}')
  expect(seen).toContain('200 /\u001e{"a":[1,5],"d":-2}')
  expect(otherValue('no JSON', random)).toBe('no JSON')
})

it('a line of a corpus holds any bytes', () => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  expect(lineOf(every)).toMatch(/^[\x20-\x7e]*$/)
  expect(Uint8Array.from(Buffer.from(JSON.parse(lineOf(every)), 'latin1'))).toEqual(every)
  expect(readCorpus('nobody')).toEqual([])
})
