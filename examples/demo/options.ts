import { Command, CommanderError, Option } from 'commander'
import type { ScenarioInfo } from './scenario.ts'
import type { Login, OpenSystem, RealSystem, System } from './system.ts'
import { systems } from './systems.ts'

/** One system and the scenarios of it that are to run. */
export interface Selection {
  readonly scenarios: readonly ScenarioInfo[]
  open(): Promise<OpenSystem>
  /** Makes the sentence that says where the scenarios run. */
  describe(url: string): string
}

/** The scenarios that the command line selects. */
export interface Selected {
  readonly selections: readonly Selection[]
}

interface Given {
  readonly scenario?: readonly string[]
  readonly vendor?: readonly string[]
  readonly url?: string
}

/** Reads the command line. Returns an exit code where help or an error was all there is to write. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Selected | { readonly exitCode: number } {
  const command = commandLine()
  try {
    command.parse(args, { from: 'user' })
    const given = command.opts<Given>()
    return {
      selections:
        given.url === undefined ? simulatedSelections(command, given) : [realSelection(command, given, given.url, env)],
    }
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
    .addOption(new Option('-v, --vendor <name...>', 'run these systems only').choices(systems.map(({ name }) => name)))
    .addOption(
      new Option('-s, --scenario <name...>', 'run these scenarios only').choices(
        systems.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)),
      ),
    )
    .addOption(new Option('-u, --url <url>', 'run at a real endpoint, which is only read'))
    .addHelpText('after', helpText())
    .allowExcessArguments(false)
    .exitOverride()
}

function helpText(): string {
  const sections = systems.map(({ name, scenarios }) => {
    const lines = scenarios.map((one) => `  ${`${one.name}${one.readsOnly ? ' *' : ''}`.padEnd(15)} ${one.title}`)
    return `${name}:\n${lines.join('\n')}`
  })
  return `
Scenarios by vendor (* also at a real endpoint):
${sections.join('\n')}

With --url, user name and password come from the environment:
${withReal()
  .map(({ name, real }) => `  --vendor ${name.padEnd(9)} ${real.variables.join(', ')}\n`)
  .join('')}A private certificate authority is named by NODE_EXTRA_CA_CERTS.
NO_COLOR=1 turns colours off.

Exit code: 0 if every promise was kept, 1 if one was broken, 2 for a command
line that makes no sense, 130 after Ctrl-C.

Examples:
  pnpm demo
  pnpm demo --vendor csbs vbs
  pnpm demo --scenario busy --scenario outage
  VSPHERE_USERNAME=… VSPHERE_PASSWORD=… pnpm demo --url https://vcenter.example
  XENAPI_USERNAME=… XENAPI_PASSWORD=… pnpm demo -v xenapi -u https://master.example
`
}

const withReal = () =>
  systems.flatMap((system) => (system.real === undefined ? [] : [{ ...system, real: system.real }]))

function simulatedSelections(command: Command, { vendor, scenario }: Given): readonly Selection[] {
  const selections = systems
    .filter(({ name }) => vendor?.includes(name) ?? true)
    .map((system) => ({ system, scenarios: system.scenarios.filter(({ name }) => scenario?.includes(name) ?? true) }))
    .filter(({ scenarios }) => scenarios.length > 0)
  if (selections.length === 0)
    command.error(`error: no scenario of ${vendor?.join(', ')} is called ${scenario?.join(', ')}`)
  return selections.map(({ system: { title, open }, scenarios }) => ({
    scenarios,
    open,
    describe: (url) => `At ${title}, simulated in this process: ${url}.`,
  }))
}

function realSelection(command: Command, { vendor, scenario }: Given, url: string, env: NodeJS.ProcessEnv): Selection {
  const [wanted = withReal()[0]?.name, ...more] = vendor ?? []
  const system = withReal().find(({ name }) => name === wanted)
  if (system === undefined || more.length > 0)
    return command.error('error: --url takes one --vendor that has real endpoints')
  const { real } = system
  checkUrl(command, real, url)
  const scenarios = readingScenarios(command, system, scenario)
  const login = loginIn(command, real, env)
  return { scenarios, open: async () => real.open(url, login), describe: () => `At ${url}, where nothing is changed.` }
}

function checkUrl(command: Command, { check }: RealSystem, url: string): void {
  try {
    check(url)
  } catch (error) {
    const why = String((error as Error).message).replace(/^\w+: /, '')
    command.error(`error: option '-u, --url <url>' argument '${url}' is invalid. ${why}`)
  }
}

function readingScenarios(
  command: Command,
  { scenarios }: System,
  names: readonly string[] | undefined,
): readonly ScenarioInfo[] {
  const wanted = scenarios.filter(({ name, readsOnly }) => names?.includes(name) ?? readsOnly)
  const forbidden = wanted.find(({ readsOnly }) => !readsOnly)
  const others = scenarios.filter(({ readsOnly }) => readsOnly).map(({ name }) => name)
  if (forbidden !== undefined || wanted.length === 0) {
    const what = forbidden?.name ?? names?.[0]
    command.error(
      `error: scenario '${what}' needs a server that can be made to misbehave; with --url there are: ${others.join(', ')}`,
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
