import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util'

interface Given<Options extends ParseArgsOptionsConfig> {
  readonly options: Options
  readonly allowPositionals?: boolean
}

const HELP = { help: { type: 'boolean', short: 'h' } } as const

/**
 * The arguments of a script, and the ways to end it because of them: the usage for `--help`, and one line before it, with
 * the exit code 2, for what is not understood.
 */
export function commandLine<const Options extends ParseArgsOptionsConfig>(
  usage: string,
  { options, allowPositionals = false }: Given<Options>,
) {
  const fail = (message: string): never => {
    console.error(`${message}\n${usage}`)
    process.exit(2)
  }
  const { values, positionals } = read({ options: { ...options, ...HELP }, allowPositionals }, fail)
  if (values.help) {
    console.log(usage)
    process.exit(0)
  }
  return {
    values: values as ReturnType<typeof parseArgs<{ options: Options }>>['values'],
    positionals,
    fail,
    /** The number above 0 that an option was given. */
    number: (option: keyof Options & string): number => {
      const value = Number(values[option])
      return value > 0 ? value : fail(`--${option} takes a number above 0, got ${values[option]}.`)
    },
    /** The whole number above 0 that an option was given. */
    whole: (option: keyof Options & string): number => {
      const value = Number(values[option])
      return Number.isInteger(value) && value > 0
        ? value
        : fail(`--${option} takes a whole number above 0, got ${values[option]}.`)
    },
  }
}

function read(config: ParseArgsConfig, fail: (message: string) => never) {
  try {
    return parseArgs(config)
  } catch (error) {
    // What follows the first sentence is advice for names that begin with a dash.
    const [sentence] = (error as Error).message.split('. ')
    return fail(`${sentence}.`)
  }
}
