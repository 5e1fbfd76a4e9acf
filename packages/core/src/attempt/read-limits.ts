import type { BodyNeed } from '../contract/vendor.ts'
import type { Bounds } from './head.ts'

const FAILURE_BYTES = 65_536
const WHOLE_BYTES = 1_048_576

/** The limits for reading a body to classify a reply. For a success they are larger, if the user's `bodyNeed` asks for it. */
export const readLimits = (
  { status }: Response,
  need: BodyNeed,
  wanted: 'none' | 'whole' | number | undefined,
  readsOn: boolean,
): Pick<Bounds, 'bytes' | 'sniff' | 'readsOn'> => ({
  bytes: status >= 400 ? FAILURE_BYTES : Math.max(WHOLE_BYTES, typeof wanted === 'number' ? wanted : 0),
  ...(typeof need === 'function' && { sniff: need, readsOn }),
})
