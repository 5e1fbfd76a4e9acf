import type { Engine } from '../call/engine.ts'
import { systemClock } from '../contract/clock.ts'
import type { Pace } from '../contract/row.ts'
import type { VendorWork } from '../contract/work/vendor-work.ts'
import { OptionsError } from '../error/options-error.ts'
import { isObject, parseObject } from '../json.ts'
import { isAnd, isNumber, isText, maybe } from '../options/answer.ts'
import { ownCopy } from '../options/own-copy.ts'
import { succeeded } from './running/end-state.ts'
import type { WorkOrigin } from './running/failure.ts'
import { RunningWork } from './running/running-work.ts'
import { ENDED, type SavedWork, type WaitOptions } from './running/work-state.ts'

/**
 * Reads work that was stored, or makes it from the server's bare identifier.
 *
 * @throws {OptionsError} for anything else, and for work of another vendor or host.
 */
export function readSaved(given: unknown, { vendor }: Engine, knowledge: VendorWork): SavedWork {
  const saved = typeof given === 'string' ? parseObject(given) : ownCopy(given)
  const [first] = vendor?.origins ?? []
  if (typeof given === 'string' && saved === undefined && !SPOILT.test(given)) {
    const id = given.trim()
    if (first === undefined) throw new OptionsError('work', 'needs a vendor with a `url`: an identifier names no host.')
    const work = knowledge.nameOf?.(id) ?? { id }
    const request = { method: 'POST', url: `${first}/`, operation: 'POST' }
    return { vendor: knowledge.vendor, origin: first, work, ...request, startedAt: systemClock.date() }
  }
  if (!isSaved(saved)) throw new OptionsError('work', 'must be what `JSON.stringify(work)` wrote, or an identifier.')
  if (saved.vendor !== knowledge.vendor)
    throw new OptionsError('work', `is of ${saved.vendor}, not of ${knowledge.vendor}.`)
  if (vendor?.origins !== undefined && !vendor.origins.includes(saved.origin)) {
    throw new OptionsError('work', `was begun at ${saved.origin}, which is no host of this client.`)
  }
  return saved
}

/** Work that was stored. If it had ended then, its end is kept. */
export function storedWork<Result>(origin: Omit<WorkOrigin, 'sent'>, options: WaitOptions): RunningWork<Result> {
  const hadEnded = origin.saved.work.id === ENDED
  const state = hadEnded ? succeeded(undefined as Result) : undefined
  return new RunningWork<Result>({ ...origin, sent: undefined }, options, state)
}

/**
 * Texts that a store may give and that are no identifier: a part of what was written, a text of it, nothing. A server asked after
 * them would not know them, and the work would be told as lost.
 */
const SPOILT = /^\s*(?:[[{"]|(?:null|undefined)?\s*$)/

const PACES: ReadonlySet<unknown> = new Set<Pace>(['fast', 'slow'])

const isName = isAnd({
  id: isText,
  group: maybe(isText),
  pace: maybe((value) => PACES.has(value)),
  facts: maybe((value) => isObject(value) && Object.values(value).every(isText)),
})

const isWork = isAnd({
  vendor: isText,
  origin: isText,
  method: isText,
  url: isText,
  operation: isText,
  label: maybe(isText),
  startedAt: isNumber,
  work: isName,
})

const isSaved = (value: unknown): value is SavedWork => isWork(value)
