import type { SessionSource } from '../contract/session.ts'
import type { GivenCredentials } from './login/current-credentials.ts'

/** The name of the session of a source's credentials: sources with the same one share it. */
export const sessionKey = (source: SessionSource, { account, digest }: GivenCredentials): string =>
  JSON.stringify([source.shareKey ?? idOf(source), account, digest])

const ids = new WeakMap<object, number>()
let lastId = 0

/** A number of its own for each source: nobody shares the sessions of one that has no `shareKey`. */
function idOf(source: object): number {
  const id = ids.get(source) ?? ++lastId
  ids.set(source, id)
  return id
}
