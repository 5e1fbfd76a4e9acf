/** For runtimes with a command line: `cli.ts ORIGIN` prints what came of the stories. */
import { play } from './stories.ts'

console.log(JSON.stringify(await play(process.argv[2] ?? '')))
