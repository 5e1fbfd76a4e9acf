import type { Scene } from './scene.ts'
import { busy } from './scenes/busy.ts'
import { expired } from './scenes/expired.ts'
import { failFast } from './scenes/fail-fast.ts'
import { login } from './scenes/login.ts'
import { outage } from './scenes/outage.ts'
import { overload } from './scenes/overload.ts'
import { timeout } from './scenes/timeout.ts'

/** Every scene, in the order in which they are played. */
export const program: readonly Scene[] = [login, failFast, busy, overload, expired, timeout, outage]
