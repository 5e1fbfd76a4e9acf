import { vsphere } from '@holdfast/vsphere'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { program } from './program.ts'
import type { Scene } from './scene.ts'
import type { Login } from './world.ts'

/** What the command line asks for. */
export interface Wanted {
  readonly scenes: readonly Scene[]
  /** A real endpoint. */
  readonly real?: { readonly url: string; readonly login: Login }
}

/** Reads the command line. What has been written already (help, an error) leaves an exit code. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Wanted | { readonly exitCode: number } {
  const command = commandLine()
  try {
    command.parse(args, { from: 'user' })
    const { scene, url } = command.opts<{ scene?: string[]; url?: string }>()
    const scenes = wantedScenes(command, scene, url !== undefined)
    return url === undefined ? { scenes } : { scenes, real: { url, login: loginIn(command, env) } }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { exitCode: error.exitCode === 0 ? 0 : 2 }
  }
}

function commandLine(): Command {
  const names = program.map(({ name }) => name)
  return new Command('pnpm demo')
    .description(
      'Runs real calls through the real client against a vCenter that misbehaves,\nand shows what it makes of each answer.',
    )
    .addOption(new Option('-s, --scene <name...>', 'play these scenes only').choices(names))
    .addOption(new Option('-u, --url <url>', 'play at a real vCenter, which is only read').argParser(checkUrl))
    .addHelpText('after', helpText)
    .allowExcessArguments(false)
    .exitOverride()
}

const helpText = `
Scenes (* also at a real vCenter):
${program.map(({ name, title, readsOnly }) => `  ${`${name}${readsOnly ? ' *' : ''}`.padEnd(13)} ${title}`).join('\n')}

With --url, user name and password come from VSPHERE_USERNAME and
VSPHERE_PASSWORD. A private certificate authority is named by NODE_EXTRA_CA_CERTS.
NO_COLOR=1 turns colours off.

Exit code: 0 if every promise was kept, 1 if one was broken, 2 for a command
line that cannot be meant, 130 after Ctrl-C.

Examples:
  pnpm demo
  pnpm demo --scene busy --scene outage
  VSPHERE_USERNAME=… VSPHERE_PASSWORD=… pnpm demo --url https://vcenter.example
`

function checkUrl(url: string): string {
  try {
    vsphere({ url })
    return url
  } catch (error) {
    throw new InvalidArgumentError(String((error as Error).message).replace(/^vsphere: /, ''))
  }
}

function wantedScenes(command: Command, names: readonly string[] | undefined, isReal: boolean): readonly Scene[] {
  const wanted = program.filter(({ name, readsOnly }) => names?.includes(name) ?? (readsOnly || !isReal))
  const forbidden = isReal ? wanted.find(({ readsOnly }) => !readsOnly) : undefined
  if (forbidden !== undefined) {
    const others = program.filter(({ readsOnly }) => readsOnly).map(({ name }) => name)
    command.error(
      `error: scene '${forbidden.name}' needs a vCenter that can be made to misbehave; with --url there are: ${others.join(', ')}`,
    )
  }
  return wanted
}

function loginIn(command: Command, env: NodeJS.ProcessEnv): Login {
  const { VSPHERE_USERNAME: username = '', VSPHERE_PASSWORD: password = '' } = env
  const missing = Object.entries({ VSPHERE_USERNAME: username, VSPHERE_PASSWORD: password })
    .filter(([, value]) => value === '')
    .map(([name]) => name)
  if (missing.length > 0) command.error(`error: --url needs credentials: set ${missing.join(' and ')}`)
  return { username, password }
}
