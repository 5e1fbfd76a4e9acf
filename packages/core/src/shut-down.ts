import type { Engine } from './call/engine.ts'
import type { Lifecycle } from './call/lifecycle.ts'
import { loginTransportFor } from './call/session-for.ts'
import type { ResilientOptions } from './contract/policy.ts'

/** Time limits of a shutdown. */
export interface CloseOptions {
  /** Milliseconds that calls under way have to end. @default 5_000 */
  readonly drain?: number
}

/** Default milliseconds for calls under way. */
const DRAIN = 5_000
/** Milliseconds for logouts, and for a login under way, whose session is then ended. */
const LOGOUT = 5_000

const shutDowns = new WeakMap<Lifecycle, Promise<void>>()

/** Closes a client, once. */
export async function close(engine: Engine, options: CloseOptions = {}): Promise<void> {
  engine.checks.close(options)
  const { lifecycle } = engine
  const begun = shutDowns.get(lifecycle) ?? shutDown(engine, options.drain ?? DRAIN)
  shutDowns.set(lifecycle, begun)
  return begun
}

async function shutDown(engine: Engine, drain: number): Promise<void> {
  const { lifecycle, vendor, state } = engine
  await lifecycle.close(drain)
  const source = vendor?.auth
  if (source === undefined) return
  const time = new AbortController()
  const timer = setTimeout(() => time.abort(lifecycle.closing.reason), LOGOUT)
  await state.registry.close(source, lifecycle, time.signal, (origin) => loginTransportFor(engine, origin))
  clearTimeout(timer)
}

/** The signal in a client's options. */
export const signalsOf = ({ init }: Pick<ResilientOptions, 'init'>): readonly AbortSignal[] =>
  init?.signal ? [init.signal] : []

const gone = new FinalizationRegistry<() => void>((forget) => forget())

/** Ends the calls of an engine when a signal of its client aborts. The signal does not keep the client from being collected. */
export function endOnSignals(
  engine: Engine,
  signals: readonly AbortSignal[],
  onAborted?: (engine: Engine) => void,
): void {
  const weakEngine = new WeakRef(engine)
  const { releases } = engine.lifecycle
  for (const signal of signals) {
    const end = () => {
      const client = weakEngine.deref()
      if (client === undefined) return
      client.lifecycle.terminate(signal)
      onAborted?.(client)
    }
    const release = () => signal.removeEventListener('abort', end)
    signal.addEventListener('abort', end, { once: true })
    releases.add(release)
    gone.register(engine, () => {
      release()
      releases.delete(release)
    })
  }
}
