import { describe, expect, it } from 'vitest'
import { lineOf, readCorpus } from './corpus.ts'
import { Coverage } from './coverage.ts'
import { type Finding, Loop } from './loop.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import type { Target } from './target.ts'
import { otherValue } from './values.ts'

/** A reader whose mistake lies behind a word that nobody guesses at once. */
function readCarelessly(input: Uint8Array): string {
  if (input[0] !== 0x66) return 'none'
  if (input[1] !== 0x75) return 'none'
  if (input[2] !== 0x7a) return 'none'
  if (input[3] !== 0x7a) return 'none'
  if (input[4] !== 0x65) return 'none'
  if (input[5] !== 0x72) return 'none'
  throw new Error('Careless')
}

/** Runs the loop until it finds something, or for so many inputs. */
async function hunt(
  target: Target,
  most: number,
): Promise<{ readonly findings: readonly Finding[]; readonly loop: Loop }> {
  const findings: Finding[] = []
  const loop = new Loop(target, {
    coverage: new Coverage((url) => url.includes('loop.test')),
    words: ['f', 'u', 'z', 'e', 'r'].map((word) => Buffer.from(word)),
    seed: 7,
    isOver: () => findings.length > 0 || loop.executions > most,
    before: () => {},
    found: (finding) => findings.push(finding),
  })
  await loop.run([Buffer.from('a word')])
  return { findings, loop }
}

describe('the loop', () => {
  it('comes step by step to a place that chance alone would not reach', async () => {
    const target = { name: 'careless', covers: /./, seeds: [], run: readCarelessly }
    const { findings, loop } = await hunt(target, 20_000)
    expect(findings[0]?.error).toContain('Careless')
    expect(Buffer.from(findings[0]?.input ?? []).toString('latin1')).toMatch(/^fuzzer/)
    expect(loop.kept.length).toBeGreaterThanOrEqual(6)
  })

  it('keeps an input for a result of a new kind', async () => {
    const run = (input: Uint8Array) => String(input.length % 5)
    const { loop } = await hunt({ name: 'kinds', covers: /./, seeds: [], run }, 2_000)
    expect(new Set(loop.kept.map(run)).size).toBe(5)
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
