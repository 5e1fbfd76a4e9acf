import { Command, CommanderError, Option } from 'commander'
import { program } from './program.ts'
import type { Billing } from './scene.ts'
import type { Login, OpenSystem, RealSystem, System } from './system.ts'

/** One system and the scenes of it that are to be played. */
export interface Act {
  readonly scenes: readonly Billing[]
  open(): Promise<OpenSystem>
  /** Says where it plays. */
  at(url: string): string
}

/** What the command line asks for. */
export interface Wanted {
  readonly acts: readonly Act[]
}

interface Given {
  readonly scene?: readonly string[]
  readonly vendor?: readonly string[]
  readonly url?: string
}

/** Reads the command line. What has been written already (help, an error) leaves an exit code. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Wanted | { readonly exitCode: number } {
  const command = commandLine()
  try {
    command.parse(args, { from: 'user' })
    const given = command.opts<Given>()
    return { acts: given.url === undefined ? embeddedActs(command, given) : [realAct(command, given, given.url, env)] }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { exitCode: error.exitCode === 0 ? 0 : 2 }
  }
}

function commandLine(): Command {
  return new Command('pnpm demo')
    .description(
      'Runs real calls through the real client against servers that misbehave,\nand shows what it makes of each answer.',
    )
    .addOption(new Option('-v, --vendor <name...>', 'play these systems only').choices(program.map(({ name }) => name)))
    .addOption(
      new Option('-s, --scene <name...>', 'play these scenes only').choices(
        program.flatMap(({ scenes }) => scenes.map(({ name }) => name)),
      ),
    )
    .addOption(new Option('-u, --url <url>', 'play at a real endpoint, which is only read'))
    .addHelpText('after', helpText())
    .allowExcessArguments(false)
    .exitOverride()
}

function helpText(): string {
  const bills = program.map(({ name, scenes }) => {
    const lines = scenes.map((one) => `  ${`${one.name}${one.readsOnly ? ' *' : ''}`.padEnd(15)} ${one.title}`)
    return `${name}:\n${lines.join('\n')}`
  })
  return `
Scenes by vendor (* also at a real endpoint):
${bills.join('\n')}

With --url, user name and password come from the environment:
${withReal()
  .map(({ name, real }) => `  --vendor ${name.padEnd(9)} ${real.variables.join(', ')}\n`)
  .join('')}A private certificate authority is named by NODE_EXTRA_CA_CERTS.
NO_COLOR=1 turns colours off.

Exit code: 0 if every promise was kept, 1 if one was broken, 2 for a command
line that cannot be meant, 130 after Ctrl-C.

Examples:
  pnpm demo
  pnpm demo --vendor csbs vbs
  pnpm demo --scene busy --scene outage
  VSPHERE_USERNAME=… VSPHERE_PASSWORD=… pnpm demo --url https://vcenter.example
  XENAPI_USERNAME=… XENAPI_PASSWORD=… pnpm demo -v xenapi -u https://master.example
`
}

const withReal = () =>
  program.flatMap((system) => (system.real === undefined ? [] : [{ ...system, real: system.real }]))

function embeddedActs(command: Command, { vendor, scene }: Given): readonly Act[] {
  const acts = program
    .filter(({ name }) => vendor?.includes(name) ?? true)
    .map((system) => ({ system, scenes: system.scenes.filter(({ name }) => scene?.includes(name) ?? true) }))
    .filter(({ scenes }) => scenes.length > 0)
  if (acts.length === 0) command.error(`error: no scene of ${vendor?.join(', ')} is called ${scene?.join(', ')}`)
  return acts.map(({ system: { title, open }, scenes }) => ({
    scenes,
    open,
    at: (url) => `At ${title} embedded in this process, ${url}.`,
  }))
}

function realAct(command: Command, { vendor, scene }: Given, url: string, env: NodeJS.ProcessEnv): Act {
  const [wanted = withReal()[0]?.name, ...more] = vendor ?? []
  const system = withReal().find(({ name }) => name === wanted)
  if (system === undefined || more.length > 0)
    return command.error('error: --url takes one --vendor that has real endpoints')
  const { real } = system
  checkUrl(command, real, url)
  const scenes = readingScenes(command, system, scene)
  const login = loginIn(command, real, env)
  return { scenes, open: async () => real.open(url, login), at: () => `At ${url}, where nothing is changed.` }
}

function checkUrl(command: Command, { check }: RealSystem, url: string): void {
  try {
    check(url)
  } catch (error) {
    const why = String((error as Error).message).replace(/^\w+: /, '')
    command.error(`error: option '-u, --url <url>' argument '${url}' is invalid. ${why}`)
  }
}

function readingScenes(command: Command, { scenes }: System, names: readonly string[] | undefined): readonly Billing[] {
  const wanted = scenes.filter(({ name, readsOnly }) => names?.includes(name) ?? readsOnly)
  const forbidden = wanted.find(({ readsOnly }) => !readsOnly)
  const others = scenes.filter(({ readsOnly }) => readsOnly).map(({ name }) => name)
  if (forbidden !== undefined || wanted.length === 0) {
    const what = forbidden?.name ?? names?.[0]
    command.error(
      `error: scene '${what}' needs a server that can be made to misbehave; with --url there are: ${others.join(', ')}`,
    )
  }
  return wanted
}

function loginIn(command: Command, { variables }: RealSystem, env: NodeJS.ProcessEnv): Login {
  const missing = variables.filter((name) => !env[name])
  if (missing.length > 0) command.error(`error: --url needs credentials: set ${missing.join(' and ')}`)
  const [username = '', password = ''] = variables.map((name) => env[name])
  return { username, password }
}
