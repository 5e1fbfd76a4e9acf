/** Numbers from 0 up to 1. */
export type Random = () => number

/** A generator that gives the same numbers for the same seed (mulberry32, by Tommy Ettinger, public domain). */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A seed for one of several independent streams. */
export const seedOf = (seed: number, ...parts: readonly number[]): number =>
  parts.reduce((mixed, part) => Math.imul(mixed ^ (part + 0x9e3779b9), 0x85ebca6b) ^ (mixed >>> 13), seed | 0)

/** Exponentially distributed with mean 1. */
export const exponential = (random: Random): number => -Math.log(1 - random())

/** Log-normally distributed with mean 1 and a spread that suits service times: half lie between 0.63 and 1.24. */
export function logNormal(random: Random): number {
  const spread = 0.5
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.exp(spread * normal - spread ** 2 / 2)
}
