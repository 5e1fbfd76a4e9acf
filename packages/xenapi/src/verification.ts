import type { RequestFacts } from '@holdfast/core/plugin'
import { isOfClass } from './classes.ts'
import { nameOf } from './methods.ts'
import { rpcOf } from './requests.ts'

/** Methods that make an object: their first parameter is a template, or the place of the new object. */
const MAKERS: ReadonlySet<string> = new Set(['clone', 'copy', 'create', 'introduce', 'pool_create'])
/** Methods whose first parameter is an object of another class. */
const OF_OTHERS: ReadonlySet<string> = new Set(['PIF.scan', 'PUSB.scan'])

/**
 * The call that shows whether another was done: the record of the object that it is about, or all records of its class for one that
 * makes an object. A session is shown to nobody.
 */
export function verificationFor(method: string | undefined, object: unknown): string | undefined {
  const [name = '', verb = ''] = method?.split('.') ?? []
  if (method === undefined || name === 'session') return undefined
  if (method === 'pool.join' || method === 'pool.eject') return 'host.get_all_records'
  if (name === 'pool' || MAKERS.has(verb) || OF_OTHERS.has(method)) return `${name}.get_all_records`
  return isReference(object) ? `${name}.get_record ${object}` : undefined
}

/** The same for a request, which may be an import. */
export function verificationOf(request: RequestFacts): string | undefined {
  if (request.method === 'PUT' && request.path === '/import') return 'VM.get_all_records'
  const call = rpcOf(request)
  const method = call && nameOf(call.method)
  // A class that is not known, like a method, is its caller's own text.
  return call !== undefined && method !== undefined && isOfClass(method)
    ? verificationFor(method, call.params()[1])
    : undefined
}

/** True for a reference: any other parameter may be a secret. */
export const isReference = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('OpaqueRef:')
