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

/** True if the user's options need the body of a success. */
export function isReadForUser({ headers }: Response, { bodyNeed, classify }: ReadingOptions): boolean {
  if (bodyNeed === 'none' || (bodyNeed === undefined && classify === undefined)) return false
  const type = headers.get('content-type') ?? ''
  return bodyNeed === undefined ? JSON_TYPE.test(type) : !STREAM_TYPE.test(type)
}
