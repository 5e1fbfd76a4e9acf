import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Contender, perClient, type Setup } from '../model/contender.ts'
import { ATTEMPT_TIME, PATIENCE } from '../model/times.ts'

type Core = typeof import('@holdfast/core')
type Vsphere = typeof import('@holdfast/vsphere')
type Options = Parameters<Core['resilient']>[1] & object

/** The client of this repository, its defaults changed by `options`. */
const holdfast = (name: string, options: Readonly<Record<string, unknown>>): Contender => ({
  name,
  hasSessions: true,
  async start(setup) {
    const core = await packageOf<Core>(setup, 'core')
    const vendor = await vendorFor(setup)
    const all = { timeout: ATTEMPT_TIME, totalTimeout: PATIENCE, ...options }
    if (!takes(core, all)) return undefined
    const hasPriorities = takes(core, { priority: 'high' })
    const clientOf = perClient((client) =>
      core.resilient(setup.fetch, {
        ...all,
        ...(vendor && { vendor: vendor(client) }),
        state: core.createState(),
      } as Options),
    )
    return async ({ client, url, method, signal, priority }) => {
      const resilience = hasPriorities && priority !== 'normal' ? { resilience: { priority } } : {}
      return (await clientOf(client)(url, { method, signal, ...resilience } as RequestInit)).status
    }
  },
})

/** True if the measured checkout has these options; if not, it is measured without them. */
function takes(core: Core, options: object): boolean {
  try {
    core.resilient(fetch, options as Options)
    return true
  } catch (error) {
    if (error instanceof core.OptionsError) return false
    throw error
  }
}

/**
 * The vendor, if a scenario needs one; the rest is plain HTTP. Each client has its own user, because each stands for a process of its
 * own, and what a process remembers of an account must not be shared.
 */
async function vendorFor(setup: Setup): Promise<((client: number) => object) | undefined> {
  const { sessions, scenario, servers } = setup.world
  if (sessions === undefined && scenario.busy === undefined) return undefined
  const { vsphere } = await packageOf<Vsphere>(setup, 'vsphere')
  if (sessions === undefined) return () => vsphere()
  const host = servers.length === 1 ? 'http://host-0.test' : 'http://host.test'
  return (client) => vsphere({ url: host, username: `reader-${client}`, password: 'secret' })
}

const packageOf = async <Module>({ tree }: Setup, name: string): Promise<Module> =>
  import(tree === undefined ? `@holdfast/${name}` : pathToFileURL(join(tree, `packages/${name}/src/index.ts`)).href)

export const holdfasts: readonly Contender[] = [
  holdfast('holdfast', {}),
  holdfast('holdfast, patience 0', { patience: 0 }),
]
