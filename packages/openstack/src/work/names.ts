import { OptionsError, urlPart, type WorkName } from '@holdfast/core/plugin'
import { collectionOf, placeOf } from './collections.ts'

interface Named {
  /** The path of the object's list. */
  readonly list: string
  readonly id: string
  /** The state that it is to reach: `created`, `deleted`, the name of an action; `settled` for any without work on the object. */
  readonly aim: string
  /** Milliseconds since the epoch, by the server's clock, of the answer to the start. */
  readonly since?: number | undefined
  /** The wanted size of a volume. */
  readonly size?: string | undefined
  /** The wanted flavor of a server. */
  readonly flavor?: string | undefined
}

/** The name of work that shows in the state of an object. Objects of one list share a poll. */
export function workOn({ list, id, since, ...others }: Named): WorkName {
  const known = Object.entries({ list, ...others, since: since === undefined ? undefined : String(since) })
  const facts = Object.fromEntries(known.filter((entry): entry is [string, string] => entry[1] !== undefined))
  const { listed, pace } = collectionOf(list)
  return { id, group: listed === undefined ? `${list} ${id}` : list, ...(pace && { pace }), facts }
}

/** The name of any work on the object at a path: it ends when no work is under way on the object. */
export function workAt(path: string): WorkName {
  const { list, id, rest } = (/^\/[^?#]+$/.test(path) && placeOf({ path })) || {}
  if (list !== undefined && id !== undefined && rest === undefined) return workOn({ list, id, aim: 'settled' })
  throw new OptionsError(
    'work',
    'must be the path of a server, volume, snapshot, backup, image or task, such as `/v3/{project}/volumes/{volume}`: an identifier names no service.',
  )
}

/** The path of the object of work. */
export const pathOfWork = ({ id, facts }: WorkName): string => `${facts?.list ?? ''}/${urlPart(id)}`
