/** For the page of a browser, which leaves what came of the stories in `played`. */
import { play } from './stories.ts'

Object.assign(globalThis, { played: play(location.origin) })
