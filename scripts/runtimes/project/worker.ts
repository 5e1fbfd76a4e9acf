/** For the worker of a browser, which posts what came of the stories. */
import { play } from './stories.ts'

postMessage(await play(location.origin))
