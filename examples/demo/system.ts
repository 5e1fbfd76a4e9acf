import { type ResilientOptions, type RetryOptions, resilient } from '@holdfast/core'
import type { ClientCounts, ServerCounts } from './counts.ts'
import { Reporter } from './reporter.ts'
import { type Check, Runner } from './runner.ts'
import type { Scenario, ScenarioInfo } from './scenario.ts'
import type { Screen } from './screen.ts'

/** A simulated server, which can be made to fail. */
export interface SimulatedServer {
  /** Its counts since the scenario began. */
  counts(): ServerCounts
  /** Ends every fault and sets the counts to zero. */
  reset(): void
}

/** The server that scenarios run against, with the client's options. */
export interface Environment<Server extends SimulatedServer> {
  readonly url: string
  /** True if several hosts serve: each answer is shown with its host. */
  readonly isPool?: boolean
  /** The client's options here. */
  readonly options: Omit<ResilientOptions, 'retry'> & { readonly retry?: RetryOptions }
  /** Absent if the server is a real one, which is only read. */
  readonly server?: Server
  close(): Promise<void>
}

/** User name and password of a real endpoint. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** The result of a scenario. */
export interface ScenarioResult {
  readonly name: string
  readonly client: ClientCounts
  /** Absent if the server is a real one. */
  readonly server: ServerCounts | undefined
  readonly checks: readonly Check[]
}

/** A server under way, and its scenarios. */
export interface OpenSystem {
  readonly url: string
  run(name: string, screen: Screen, signal: AbortSignal): Promise<ScenarioResult>
  close(): Promise<void>
}

/** The demo at a real endpoint. */
export interface RealSystem {
  /** Names of the environment's variables that hold user name and password. */
  readonly variables: readonly [username: string, password: string]
  /** @throws {TypeError} for a URL that makes no sense. */
  check(url: string): void
  open(url: string, login: Login): OpenSystem
}

/** One of the systems that the demo shows. */
export interface System {
  /** Its name for `--vendor`. */
  readonly name: string
  /** With its article: `a vCenter`. */
  readonly title: string
  readonly scenarios: readonly ScenarioInfo[]
  /** Starts a server in this process, on a real socket. */
  open(): Promise<OpenSystem>
  readonly real?: RealSystem
}

/** The parts of a system. */
export interface SystemParts<Server extends SimulatedServer> {
  readonly name: string
  readonly title: string
  readonly scenarios: readonly Scenario<Server>[]
  open(): Promise<Environment<Server>>
  readonly real?: Omit<RealSystem, 'open'> & { open(url: string, login: Login): Environment<Server> }
}

/** Makes a system of its parts. The type of its server is known to its scenarios alone. */
export function defineSystem<Server extends SimulatedServer>(parts: SystemParts<Server>): System {
  const { name, title, scenarios, real } = parts
  const opened = (environment: Environment<Server>): OpenSystem => ({
    url: environment.url,
    run(wanted, screen, signal) {
      const scenario = scenarios.find((one) => one.name === wanted)
      if (scenario === undefined) throw new TypeError(`${title} has no scenario ${wanted}.`)
      return runScenario(scenario, environment, screen, signal)
    },
    close: environment.close,
  })
  return {
    name,
    title,
    scenarios,
    open: async () => opened(await parts.open()),
    ...(real && { real: { ...real, open: (url: string, login: Login) => opened(real.open(url, login)) } }),
  }
}

/** Runs one scenario and returns the counts of client and server, and the promises that were checked. */
export async function runScenario<Server extends SimulatedServer>(
  scenario: Scenario<Server>,
  { server, url, options, isPool = false }: Environment<Server>,
  screen: Screen,
  signal: AbortSignal,
): Promise<ScenarioResult> {
  server?.reset()
  const runner = new Runner({
    url,
    reporter: new Reporter(screen, isPool),
    signal,
    makeClient(observe, other) {
      const { retry, ...others } = scenario.options ?? {}
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
    await runAt(scenario, runner, server)
  } catch (error) {
    if (!signal.aborted) runner.check(`the scenario ran to its end (it did not: ${String(error)})`, false)
  } finally {
    await runner.close()
  }
  const counts = server?.counts()
  if (counts !== undefined && !signal.aborted) {
    runner.check(
      `client and server count the same ${counts.requests} requests`,
      counts.requests === runner.counts.attempts,
    )
  }
  return { name: scenario.name, client: runner.counts, server: counts, checks: runner.checks }
}

function runAt<Server>(scenario: Scenario<Server>, runner: Runner, server: Server | undefined): Promise<void> {
  if (scenario.readsOnly) return scenario.run(runner, server)
  if (server === undefined) throw new Error('it changes things, so it is not for a real endpoint')
  return scenario.run(runner, server)
}
