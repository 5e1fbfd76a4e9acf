import type { RequestFacts } from '../contract/request.ts'
import type { BodyNeed, Vendor } from '../contract/vendor.ts'
import { mayBeForeign } from '../http/foreign-page.ts'

/** Content types of one JSON document, unlike those of streams of records. */
const JSON_TYPE = /^(?:application|text)\/(?!stream\+)(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i
/** Content types of bodies that never end, such as streams of events. */
const STREAM_TYPE =
  /^(?:text\/event-stream|multipart\/|application\/(?:x-)?(?:ndjson|jsonl|json-?lines|json-seq|stream\+json|grpc))/i

/** The options because of which the body of a success is read. */
export interface ReadingOptions {
  readonly bodyNeed: 'none' | 'whole' | number | undefined
  readonly classify: unknown
}

/** The part of a reply that must be read before it can be classified. */
export function bodyNeed(
  response: Response,
  vendor: Vendor | undefined,
  request: RequestFacts,
  ofUser: ReadingOptions,
): BodyNeed {
  // A 300 is a list to choose from: only the vendor knows if that was asked for.
  if (response.status >= 400 || (response.status === 300 && vendor !== undefined)) return 'whole'
  if (mayBeForeign(response, request, vendor)) return 'whole'
  const ofVendor = vendor?.bodyNeed?.(request) ?? 'none'
  return ofVendor === 'none' && isReadForUser(response, ofUser) ? 'whole' : ofVendor
}

/** True if the user's options need the body of a success. */
function isReadForUser({ headers }: Response, { bodyNeed, classify }: ReadingOptions): boolean {
  if (bodyNeed === 'none' || (bodyNeed === undefined && classify === undefined)) return false
  const type = headers.get('content-type') ?? ''
  return bodyNeed === undefined ? JSON_TYPE.test(type) : !STREAM_TYPE.test(type)
}

const FAILURE_BYTES = 65_536
const WHOLE_BYTES = 1_048_576

/** The part of a body that is read at most to classify a reply; of a success more, where the user wants so many bytes. */
export function readLimits(response: Response, need: BodyNeed, options: ReadingOptions) {
  const wanted = typeof options.bodyNeed === 'number' ? options.bodyNeed : 0
  return {
    bytes: response.status >= 400 ? FAILURE_BYTES : Math.max(WHOLE_BYTES, wanted),
    ...(typeof need === 'function' && { sniff: need, readsOn: isReadForUser(response, options) }),
  }
}
