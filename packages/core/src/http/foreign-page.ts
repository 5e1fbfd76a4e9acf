import type { Fault } from '../contract/fault.ts'
import type { RequestFacts } from '../contract/request.ts'
import type { Reply, Vendor } from '../contract/vendor.ts'

const PAGE_TYPE = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i
/** A body that begins as a page does, after comments. A type alone proves nothing: frameworks set it without a body, too. */
const PAGE = /^\s*(?:<!--[\s\S]{0,2000}?-->\s*)?(?:<\?xml\s[^<>]*>\s*)?<(?:!doctype\s+html|html|head|body|title)\b/i

/** True for a success that looks like a page where the vendor's API never answers with one, so that its beginning must be read. */
export const mayBeForeign = (
  { status, headers }: Pick<Reply, 'status' | 'headers'>,
  request: RequestFacts,
  vendor: Vendor | undefined,
): boolean =>
  status === 200 &&
  vendor?.answersNoPage !== undefined &&
  PAGE_TYPE.test(headers.get('content-type') ?? '') &&
  vendor.answersNoPage(request)

/** The fault of a page in place of an answer. Other statuses than 200 are left alone: frameworks write `202 Accepted` as a page. */
export const foreignPage = (reply: Reply, vendor: Vendor | undefined): Fault | undefined =>
  mayBeForeign(reply, reply.request, vendor) && PAGE.test(reply.text)
    ? { code: 'FOREIGN_PAGE', status: reply.status }
    : undefined
