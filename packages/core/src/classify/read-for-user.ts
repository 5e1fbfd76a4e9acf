/** Types of bodies that are one document of JSON; one with its records one by one is a stream. */
const JSON_TYPE = /^(?:application|text)\/(?!stream\+)(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i
/** Types of bodies that come bit by bit, for as long as there is news. */
const STREAM_TYPE =
  /^(?:text\/event-stream|multipart\/|application\/(?:x-)?(?:ndjson|jsonl|json-?lines|json-seq|stream\+json|grpc))/i

/** The options by which a success is read. */
export interface ReadingOptions {
  readonly bodyNeed: 'none' | 'whole' | number | undefined
  readonly classify: unknown
}

/** True if the user's options want to see the body of a success. */
export function isReadForUser({ headers }: Response, { bodyNeed, classify }: ReadingOptions): boolean {
  if (bodyNeed === 'none' || (bodyNeed === undefined && classify === undefined)) return false
  const type = headers.get('content-type') ?? ''
  return bodyNeed === undefined ? JSON_TYPE.test(type) : !STREAM_TYPE.test(type)
}
