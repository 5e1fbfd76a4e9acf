import { namedSecrets, type RequestFacts, secretsInBody } from '@holdfast/core/plugin'
import { nameOf, takesSession } from './methods.ts'
import { sessionPlaceholder } from './placeholder.ts'
import { rpcOf } from './requests.ts'
import { membersOf, placesOf } from './secret-places.ts'
import type { RpcCall } from './wire/call.ts'

/**
 * Every secret in a request: the caller's session; parameters at known positions, such as the password of a login or a pool's
 * secret; values in a map under a secret's name, such as the configuration of a storage repository or the arguments of a plugin;
 * the value that a method sets whose own name is a secret's; the password in a URL. New methods are covered by their names.
 */
export function secretsIn(request: RequestFacts): readonly string[] {
  const call = rpcOf(request)
  const inBody = call === undefined ? secretsInBody(request.bodyText) : secretsOf(call)
  return [...new Set([...sessionsInQuery(request.query), ...inBody])].filter(
    (secret) => secret !== '' && secret !== sessionPlaceholder,
  )
}

function secretsOf(call: RpcCall): readonly string[] {
  const name = nameOf(call.method)
  const { text = '' } = call.first ?? {}
  // If the caller forgot the session, the first parameter is an object, which an error must show.
  const session = text.startsWith('OpaqueRef:') && takesSession(name) ? [text] : []
  const params = call.params()
  return [
    ...session,
    ...placesOf(name).flatMap((position) => textIn(params[position])),
    ...params.flatMap((param) => namedSecrets(param, membersOf(name))),
    ...pairIn(name, params),
    ...setBy(name, params),
  ]
}

/** The value of `VM.add_to_xenstore_data(session, self, key, value)` and similar methods, if the key is a secret's name. */
const pairIn = (name: string, params: readonly unknown[]): readonly string[] =>
  /[.](?:add_to_|set_\w+_(?:key|value)$)/.test(name) && typeof params[2] === 'string'
    ? namedSecrets({ [params[2]]: params[3] })
    : []

/** The strings that a method such as `X.set_password` takes, without references. */
const setBy = (name: string, params: readonly unknown[]): readonly string[] => {
  const [, verb = ''] = name.split('.')
  if (placesOf(name).length > 0 || /^(?:get|query|is|has|add|remove|list|find)_/.test(verb)) return []
  return params.slice(1).flatMap((param) => (isReference(param) ? [] : namedSecrets({ [verb]: param })))
}

const isReference = (param: unknown): boolean => typeof param === 'string' && param.startsWith('OpaqueRef:')

/** Values of `session_id` in a query, however the name is encoded. */
const sessionsInQuery = (query: string): readonly string[] =>
  query === '' ? [] : new URLSearchParams(query).getAll('session_id')

const textIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : [])
