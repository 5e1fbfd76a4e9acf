import type { BodyNeed } from '../contract/vendor.ts'
import { isReadForUser, type ReadingOptions } from './read-for-user.ts'

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
