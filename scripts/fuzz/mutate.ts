import type { Random } from './random.ts'
import { otherValue } from './values.ts'

/** The sources of mutations. */
export interface Material {
  readonly random: Random
  /** Words of the sources and the formats. */
  readonly words: readonly Uint8Array[]
  /** Another input. */
  other(): Uint8Array
}

type Pair = readonly [open: string, close: string]
type Mutation = (input: Uint8Array, material: Material) => Uint8Array

/** Bytes that an input may have. */
const LONGEST = 16_384
const MOST_STEPS = 6

/** The input changed in a few places. */
export function mutate(input: Uint8Array, material: Material): Uint8Array {
  let changed = input
  for (let step = material.random.below(MOST_STEPS); step >= 0; step--) {
    changed = material.random.of(mutations)(changed, material)
  }
  return changed.subarray(0, LONGEST)
}

/** The input with `length` of its bytes from `at` on replaced. */
const replaced = (input: Uint8Array, at: number, length: number, by: Uint8Array): Uint8Array =>
  Buffer.concat([input.subarray(0, at), by, input.subarray(at + length)])

const placeIn = ({ length }: Uint8Array, random: Random): number => random.below(length + 1)

/** Mostly short, now and then as long as the rest. */
function stretchAt(input: Uint8Array, at: number, random: Random): number {
  const rest = input.length - at
  return random.below(4) === 0 ? random.below(rest + 1) : Math.min(rest, 1 + random.below(8))
}

const extremes = ['0', '-1', '1e999', '9007199254740993', '4294967296', '1E-9', '00', '200', '401', '503'] as const
const pairs: readonly [Pair, ...Pair[]] = [
  ['[', ']'],
  ['{"a":', '}'],
  ['"', '"'],
  ['<value>', '</value>'],
  ['<![CDATA[', ']]>'],
]

const mutations: readonly [Mutation, ...Mutation[]] = [
  (input, { random }) => {
    const at = random.below(input.length)
    return replaced(input, at, 1, Uint8Array.of((input[at] ?? 0) ^ (1 << random.below(8))))
  },
  (input, { random }) => replaced(input, placeIn(input, random), 0, Uint8Array.of(random.below(256))),
  (input, { random }) => {
    const at = placeIn(input, random)
    return replaced(input, at, stretchAt(input, at, random), new Uint8Array())
  },
  (input, { random }) => {
    const at = placeIn(input, random)
    const piece = input.subarray(at, at + stretchAt(input, at, random))
    const times = random.below(8) === 0 ? 1 + random.below(300) : 1
    const most = Math.max(1, Math.floor(LONGEST / Math.max(1, piece.length)))
    return replaced(input, at, 0, Buffer.concat(Array.from({ length: Math.min(times, most) }, () => piece)))
  },
  (input, { random }) => {
    const [from, to] = [placeIn(input, random), placeIn(input, random)]
    return replaced(input, to, 0, input.subarray(from, from + stretchAt(input, from, random)))
  },
  (input, { random, words }) => replaced(input, placeIn(input, random), 0, random.of(words) ?? input),
  (input, { random, words }) => {
    const at = placeIn(input, random)
    return replaced(input, at, stretchAt(input, at, random), random.of(words) ?? input)
  },
  (input, { random, words }) => {
    const text = Buffer.from(input).toString('latin1')
    const [word] = [...text.matchAll(/[\w.-]+/g)].slice(random.below(20))
    return word === undefined ? input : replaced(input, word.index, word[0].length, random.of(words) ?? input)
  },
  (input, { random }) => {
    const text = Buffer.from(input).toString('latin1')
    const number = random.of([...text.matchAll(/\d+/g)])
    return number === undefined
      ? input
      : replaced(input, number.index, number[0].length, Buffer.from(random.of(extremes)))
  },
  (input, { random }) => {
    const at = placeIn(input, random)
    const length = stretchAt(input, at, random)
    const [open, close] = random.of(pairs)
    const times = random.below(8) === 0 ? 80 : 1
    const inner = input.subarray(at, at + length)
    return replaced(
      input,
      at,
      length,
      Buffer.concat([Buffer.from(open.repeat(times)), inner, Buffer.from(close.repeat(times))]),
    )
  },
  (input, { random }) => Buffer.from(otherValue(Buffer.from(input).toString('latin1'), random), 'latin1'),
  (input, { random }) => Buffer.from(otherValue(Buffer.from(input).toString('latin1'), random), 'latin1'),
  (input, { random, other }) => {
    const [at, from] = [placeIn(input, random), other()]
    return Buffer.concat([input.subarray(0, at), from.subarray(placeIn(from, random))])
  },
  (input, { random, other }) => {
    const from = other()
    const begin = placeIn(from, random)
    return replaced(input, placeIn(input, random), 0, from.subarray(begin, begin + stretchAt(from, begin, random)))
  },
]
