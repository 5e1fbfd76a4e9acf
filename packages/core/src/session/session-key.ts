import type { SessionSource } from '../contract/session.ts'
import type { GivenCredentials } from './login/current-credentials.ts'

/** The key of the session of a source's credentials. Sources with the same key share the session. */
export const sessionKey = (source: SessionSource, { account, digest }: GivenCredentials): string =>
  JSON.stringify([source.shareKey ?? idOf(source), account, digest])

const ids = new WeakMap<object, number>()
let lastId = 0

/** A number for each source: sources without a `shareKey` share no session. */
function idOf(source: object): number {
  const id = ids.get(source) ?? ++lastId
  ids.set(source, id)
  return id
}
