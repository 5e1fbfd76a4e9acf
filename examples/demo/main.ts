import { readOptions } from './options.ts'
import { play } from './play.ts'

const selected = readOptions(process.argv.slice(2), process.env)
if ('exitCode' in selected) {
  process.exitCode = selected.exitCode
} else {
  const stopped = new AbortController()
  // Once: a second Ctrl-C ends the process at once.
  process.once('SIGINT', () => stopped.abort())
  // A reader that closes the pipe (`| head`) ends the demo, too.
  process.stdout.on('error', () => stopped.abort())
  process.exitCode = await play(selected, process.stdout, stopped.signal)
}
