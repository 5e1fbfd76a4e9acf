import type { Fault } from '@holdfast/core/plugin'

/** Details with which a router answers for an unknown URL, and the detail of a status without a body. */
const OF_ROUTER = /^(?:com\.vmware\.vapi\.rest\.|HTTP_\d)/

/**
 * True for vCenter's answer that nothing has this identifier. Not for its router's, which answers the same for a URL whose service
 * is down, and not for a status without a body, which may be a proxy's.
 */
export const isNotFound = ({ code, details = [] }: Fault): boolean =>
  code === 'NOT_FOUND' && !details.some((detail) => OF_ROUTER.test(detail))
