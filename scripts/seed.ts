import { randomInt } from 'node:crypto'
import fc from 'fast-check'

// The same cases on every run, so that a change fails by what it changed. `HOLDFAST_SEED=random` looks for others.
const { HOLDFAST_SEED = '1' } = process.env
fc.configureGlobal({ seed: HOLDFAST_SEED === 'random' ? randomInt(2 ** 31) : Number(HOLDFAST_SEED) })
