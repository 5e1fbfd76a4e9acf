import { traps as of01 } from './01.ts'
import { traps as of02 } from './02.ts'
import { traps as of03 } from './03.ts'
import { traps as of04 } from './04.ts'
import { traps as of05 } from './05.ts'
import { traps as of06 } from './06.ts'
import { traps as of07 } from './07.ts'
import { traps as of08 } from './08.ts'
import { traps as of09 } from './09.ts'
import { traps as of10 } from './10.ts'
import { traps as of11 } from './11.ts'
import { traps as of12 } from './12.ts'
import { traps as of13 } from './13.ts'
import { traps as of14 } from './14.ts'
import { traps as of15 } from './15.ts'
import { traps as of16 } from './16.ts'
import type { Trap } from './place.ts'

/** Every trap, in the order of the groups. */
export const traps: readonly Trap[] = [
  ...of01,
  ...of02,
  ...of03,
  ...of04,
  ...of05,
  ...of06,
  ...of07,
  ...of08,
  ...of09,
  ...of10,
  ...of11,
  ...of12,
  ...of13,
  ...of14,
  ...of15,
  ...of16,
]
