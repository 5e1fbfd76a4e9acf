import type { Message } from '../request/message.ts'
import type { Engine } from './engine.ts'
import { peersAt, vendorAt } from './home.ts'

/** Reads a `Request`'s own body before it leaves, where the vendor has to see it. `undefined`: there is nothing to read. */
export function readAhead(engine: Engine, message: Message, limit: number): Promise<void> | undefined {
  if (engine.vendor?.readsBody === undefined || engine.mode === 'observe' || !message.hidesBody) return undefined
  const { facts } = message
  const vendor = vendorAt(engine, facts, peersAt(engine, facts) !== undefined)
  return vendor?.readsBody?.(facts) === true ? message.readBody(limit) : undefined
}
