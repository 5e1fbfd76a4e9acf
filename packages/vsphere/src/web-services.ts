import { objectOf, parseObject, type RequestFacts } from '@holdfast/core/plugin'
import { others, reads } from './method-names.ts'
import { webServiceOf } from './requests.ts'

const json = /^\/sdk\/vim25\/[^/]+\/[^/]+\/[^/]+\/(\w+)$/
const soap = /<(?:[\w-]+:)?Body\b[^<>]{0,2000}>\s*<(?:[\w-]+:)?(\w+)/
const longestWait = /<(?:[\w-]+:)?maxWaitSeconds\b[^>]*>\s*(\d{1,9})\s*</

/** Milliseconds of a wait that names no end: the server decides. */
const NO_END = 3_600_000
/** Milliseconds for the way there and back. */
const MARGIN = 30_000

/**
 * The method of the Web Services API that a request calls: in JSON the last part of the path, in SOAP the first element of the body.
 * It is the caller's own text.
 */
export function methodOf(request: RequestFacts): string | undefined {
  if (request.method !== 'POST' || webServiceOf(request) !== 'sdk') return undefined
  return (json.exec(request.path) ?? soap.exec(request.bodyText ?? ''))?.[1]
}

const wordsOf = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/))
const READS = wordsOf(reads)
let named: ReadonlySet<string> | undefined

/** The same, if it is one of the methods that have a name here; nothing of a caller's text is among them. */
export function knownMethodOf(request: RequestFacts): string | undefined {
  const method = methodOf(request)
  // Parsed on first use: most programs never need it.
  named ??= wordsOf(reads + others)
  return method !== undefined && named.has(method) ? method : undefined
}

/** True for a call of the Web Services API that only reads. */
export const isServiceRead = (request: RequestFacts): boolean => READS.has(methodOf(request) ?? '')

/** True for a call that is answered when something has changed. */
export const isLongPoll = (request: RequestFacts): boolean => /^WaitForUpdates(?:Ex)?$/.test(methodOf(request) ?? '')

/** The time that a long poll has: as long as it was asked to wait (`WaitOptions.maxWaitSeconds`). */
export function longPollLimits({ bodyText = '' }: RequestFacts) {
  const inJson = objectOf(parseObject(bodyText)?.options)?.maxWaitSeconds
  const seconds = typeof inJson === 'number' ? inJson : longestWait.exec(bodyText)?.[1]
  const timeout = seconds === undefined ? NO_END : Number(seconds) * 1_000 + MARGIN
  return { timeout, totalTimeout: Math.max(timeout, 300_000) }
}
