import type { Engine } from '../call/engine.ts'

const engines = new WeakMap<object, Engine>()

/** Remembers the engine of a client, for entry points that extend clients. */
export function setEngine<Client extends object>(client: Client, engine: Engine): Client {
  engines.set(client, engine)
  return client
}

/** The engine of a client of this copy of the library. */
export const engineOf = (client: object): Engine | undefined => engines.get(client)
