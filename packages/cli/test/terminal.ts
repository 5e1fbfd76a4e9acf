import { run } from '../src/index.ts'

/** What a command has written, and how it ended. */
export async function ran(args: readonly string[], input: string | Uint8Array = '') {
  const printed = { stdout: '', stderr: '' }
  const status = await run(args, {
    stdin: (async function* () {
      yield input
    })(),
    write: (text) => {
      printed.stdout += text
    },
    complain: (text) => {
      printed.stderr += text
    },
  })
  return { ...printed, status }
}
