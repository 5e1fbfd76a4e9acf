import type { Fault } from '@holdfast/core/plugin'

/** Details by which a router tells that it knows no such URL, and that of a status without a body. */
const OF_ROUTER = /^(?:com\.vmware\.vapi\.rest\.|HTTP_\d)/

/**
 * True for vCenter's word that nothing has this identifier. Its router says the same of a URL whose service is not there, and a
 * status without a body may be a proxy's.
 */
export const isNotFound = ({ code, details = [] }: Fault): boolean =>
  code === 'NOT_FOUND' && !details.some((detail) => OF_ROUTER.test(detail))
