import type { Engine } from '../call/engine.ts'
import type { VendorWork } from '../contract/work/vendor-work.ts'
import { OptionsError } from '../error/options-error.ts'
import { isObject, parseObject } from '../json.ts'
import type { SavedWork } from './running/work-state.ts'

/**
 * Reads work that was stored, or makes it of the server's bare identifier.
 *
 * @throws {OptionsError} for what is neither, and for work of another vendor or host.
 */
export function readSaved(given: unknown, { vendor, clock }: Engine, knowledge: VendorWork): SavedWork {
  const saved = typeof given === 'string' ? parseObject(given) : given
  const [first] = vendor?.origins ?? []
  if (typeof given === 'string' && saved === undefined) {
    if (given === '') throw new OptionsError('work', 'must not be empty.')
    if (first === undefined) throw new OptionsError('work', 'needs a vendor with a `url`: an identifier names no host.')
    const work = knowledge.nameOf?.(given) ?? { id: given }
    const request = { method: 'POST', url: `${first}/`, operation: 'POST' }
    return { vendor: knowledge.vendor, origin: first, work, ...request, startedAt: clock.date() }
  }
  if (!isSaved(saved)) throw new OptionsError('work', 'must be what `JSON.stringify(work)` wrote, or an identifier.')
  if (saved.vendor !== knowledge.vendor)
    throw new OptionsError('work', `is of ${saved.vendor}, not of ${knowledge.vendor}.`)
  if (vendor?.origins !== undefined && !vendor.origins.includes(saved.origin)) {
    throw new OptionsError('work', `was begun at ${saved.origin}, which is no host of this client.`)
  }
  return saved
}

const TEXTS = ['vendor', 'origin', 'method', 'url', 'operation'] as const

const isSaved = (value: unknown): value is SavedWork & Record<string, unknown> =>
  isObject(value) &&
  TEXTS.every((name) => typeof value[name] === 'string') &&
  typeof value.startedAt === 'number' &&
  isObject(value.work) &&
  typeof value.work.id === 'string'
