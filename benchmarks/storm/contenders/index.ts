import type { Contender } from '../model/contender.ts'
import { bare } from './bare.ts'
import { holdfasts } from './holdfast.ts'
import { ideal } from './ideal.ts'

/** Everybody, in the order of the tables. A library is loaded when its contender starts. */
export const contenders: readonly Contender[] = [ideal, ...holdfasts, bare]
