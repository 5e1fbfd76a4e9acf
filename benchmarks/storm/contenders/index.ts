import type { Contender } from '../model/contender.ts'
import { axios } from './axios.ts'
import { azure } from './azure.ts'
import { bare } from './bare.ts'
import { cockatiels } from './cockatiel.ts'
import { holdfasts } from './holdfast.ts'
import { ideal } from './ideal.ts'
import { kyDefaults } from './ky.ts'
import { opossum } from './opossum.ts'
import { smithies } from './smithy.ts'
import { undici } from './undici.ts'

/** All contenders, in the order of the tables. A library is loaded when its contender starts. */
export const contenders: readonly Contender[] = [
  ideal,
  ...holdfasts,
  bare,
  kyDefaults,
  opossum,
  ...cockatiels,
  ...smithies,
  axios,
  undici,
  azure,
]
