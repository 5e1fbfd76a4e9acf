import { type ResilientOptions, type RetryOptions, resilient } from '@holdfast/core'
import { Narrator } from './narrator.ts'
import type { Billing, Scene } from './scene.ts'
import type { Screen } from './screen.ts'
import { type Check, Stage } from './stage.ts'
import type { ServerCounts, Tally } from './tally.ts'

/** A server of our own, which can be made to misbehave. */
export interface Embedded {
  /** What it counted since the scene began. */
  seen(): ServerCounts
  /** Ends every trouble and starts counting anew. */
  calm(): void
}

/** Where scenes play. */
export interface World<Server extends Embedded> {
  readonly url: string
  /** True where several hosts serve, so that each answer is told with its host. */
  readonly isPool?: boolean
  /** The client's options here. */
  readonly options: Omit<ResilientOptions, 'retry'> & { readonly retry?: RetryOptions }
  /** Absent where the server is a real one: that is only read. */
  readonly server?: Server
  close(): Promise<void>
}

/** User name and password of a real endpoint. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** A scene that has been played. */
export interface Played {
  readonly name: string
  readonly tally: Tally
  /** Absent where the server is not ours to ask. */
  readonly seen: ServerCounts | undefined
  readonly checks: readonly Check[]
}

/** A server under way, and its scenes. */
export interface OpenSystem {
  readonly url: string
  play(name: string, screen: Screen, signal: AbortSignal): Promise<Played>
  close(): Promise<void>
}

/** How to play at a real endpoint. */
export interface RealSystem {
  /** Names of the environment's variables that hold user name and password. */
  readonly variables: readonly [username: string, password: string]
  /** @throws {TypeError} for a URL that cannot be meant. */
  check(url: string): void
  open(url: string, login: Login): OpenSystem
}

/** One of the systems that the demo plays. */
export interface System {
  /** As `--vendor` takes it. */
  readonly name: string
  /** With its article: `a vCenter`. */
  readonly title: string
  readonly scenes: readonly Billing[]
  /** Starts a server in this process, on a real socket. */
  open(): Promise<OpenSystem>
  readonly real?: RealSystem
}

/** What a system is made of. */
export interface SystemParts<Server extends Embedded> {
  readonly name: string
  readonly title: string
  readonly scenes: readonly Scene<Server>[]
  open(): Promise<World<Server>>
  readonly real?: Omit<RealSystem, 'open'> & { open(url: string, login: Login): World<Server> }
}

/** Makes a system of its parts, so that what is particular to its server stays with its scenes. */
export function defineSystem<Server extends Embedded>(parts: SystemParts<Server>): System {
  const { name, title, scenes, real } = parts
  const opened = (world: World<Server>): OpenSystem => ({
    url: world.url,
    play(wanted, screen, signal) {
      const scene = scenes.find((one) => one.name === wanted)
      if (scene === undefined) throw new TypeError(`${title} has no scene ${wanted}.`)
      return playScene(scene, world, screen, signal)
    },
    close: world.close,
  })
  return {
    name,
    title,
    scenes,
    open: async () => opened(await parts.open()),
    ...(real && { real: { ...real, open: (url: string, login: Login) => opened(real.open(url, login)) } }),
  }
}

/** Plays one scene: what the client did, what the server saw, and which promises were kept. */
export async function playScene<Server extends Embedded>(
  scene: Scene<Server>,
  { server, url, options, isPool = false }: World<Server>,
  screen: Screen,
  signal: AbortSignal,
): Promise<Played> {
  server?.calm()
  const stage = new Stage({
    url,
    narrator: new Narrator(screen, isPool),
    signal,
    makeClient(observe, other) {
      const { retry, ...others } = scene.options ?? {}
      const init = { signal }
      return resilient(fetch, {
        ...options,
        ...others,
        ...other,
        retry: { ...options.retry, ...retry },
        init,
        observers: [observe],
      })
    },
  })
  try {
    await act(scene, stage, server)
  } catch (error) {
    if (!signal.aborted) stage.check(`the scene ran to its end (it did not: ${String(error)})`, false)
  } finally {
    await stage.close()
  }
  const seen = server?.seen()
  if (seen !== undefined && !signal.aborted) {
    stage.check(`client and server count the same ${seen.requests} requests`, seen.requests === stage.tally.attempts)
  }
  return { name: scene.name, tally: stage.tally, seen, checks: stage.checks }
}

function act<Server>(scene: Scene<Server>, stage: Stage, server: Server | undefined): Promise<void> {
  if (scene.readsOnly) return scene.play(stage, server)
  if (server === undefined) throw new Error('it changes things, so it is not for a real endpoint')
  return scene.play(stage, server)
}
