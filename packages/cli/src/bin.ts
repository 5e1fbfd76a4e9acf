#!/usr/bin/env node
import { run } from './run.ts'

const { stdin, stdout, stderr } = process
// A reader such as `head` may close the pipe before the end.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
process.exitCode = await run(process.argv.slice(2), {
  stdin,
  write: (text) => void stdout.write(text),
  complain: (text) => void stderr.write(text),
})
