import manifest from '../package.json' with { type: 'json' }
import { catalogue } from './catalogue.ts'
import { explain } from './explain.ts'
import type { Terminal } from './terminal.ts'
import { USAGE, UsageError } from './usage.ts'

const commands = new Map([
  ['explain', explain],
  ['catalogue', catalogue],
])

/**
 * Runs the command `holdfast`. It sends nothing, and changes nothing.
 *
 * @param args the arguments, without the name of the program.
 * @returns the exit code: 0, 1 if no vendor lists a code, 2 if the arguments or the file are not understood.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'help', ...rest] = args
  const isAsked = (...flags: readonly string[]) => flags.some((flag) => args.includes(flag))
  if (name === 'help' || isAsked('--help', '-h')) return print(terminal, USAGE)
  if (isAsked('--version', '-V')) return print(terminal, manifest.version)
  const command = commands.get(name)
  try {
    if (command === undefined) throw new UsageError(`There is no command ${name}.`)
    return await command(rest, terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.complain(`${error.message}\nholdfast --help shows how it is used.\n`)
    return 2
  }
}

function print(terminal: Terminal, text: string): number {
  terminal.write(`${text}\n`)
  return 0
}
