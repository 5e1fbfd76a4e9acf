import type { Envelope } from '../src/index.ts'

/** A failure as a server sent it, and what it says. */
export interface Captured {
  readonly what: string
  readonly status: number
  readonly text: string
  readonly envelope: Envelope
  /** The code that it is known by, where it is known at all, and the finer one. */
  readonly code?: string
  readonly detail?: string
}

const challenge = 'The request you have made requires authentication.'
const balancerPage =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN"><html><head><title>Error</title></head><body><table><tr><td>The backend server is unreachable.<br/></td></tr></table></body></html>'

export const pages = {
  balancer: balancerPage,
  identityDown:
    '<html>\n <head>\n  <title>503 Service Unavailable</title>\n </head>\n <body>\n  <h1>503 Service Unavailable</h1>\n  The server is currently unavailable. Please try again at a later time.<br /><br />\nThe Keystone service is temporarily unavailable.\n\n\n </body>\n</html>',
}

const quota = "VolumeLimitExceeded: Maximum number of volumes allowed (2) exceeded for quota 'volumes'."
const backingUp =
  'Invalid volume: Volume to be backed up must be available or in-use, but the current status is "backing-up".'
const inUse =
  'Invalid volume: Volume c91638ec-0000-4000-8000-000000000000 status must be available, but current status is: in-use.'
const wrongState = 'Invalid backup: Backup status must be available or error'
const noRight = 'You are not authorized to perform the requested action: identity:list_users.'
const throttled = 'The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 minute'

/** Bodies of Keystone 22, of Cinder, of the gateway and of services behind it. */
export const captured: readonly Captured[] = [
  {
    what: 'Keystone about a token or password that does not count',
    status: 401,
    text: `{"error":{"code":401,"message":"${challenge}","title":"Unauthorized"}}\n`,
    envelope: { status: 401, message: challenge, title: 'Unauthorized' },
    code: 'unauthorized',
  },
  {
    what: 'Keystone about a right',
    status: 403,
    text: `{"error":{"code":403,"message":"${noRight}","title":"Forbidden"}}`,
    envelope: { status: 403, message: noRight, title: 'Forbidden' },
    code: 'forbidden',
  },
  {
    what: 'Keystone about a project',
    status: 404,
    text: '{"error":{"code":404,"message":"Could not find project: nope.","title":"Not Found"}}',
    envelope: { status: 404, message: 'Could not find project: nope.', title: 'Not Found' },
    code: 'itemNotFound',
  },
  {
    what: 'Keystone about a name that is taken',
    status: 409,
    text: '{"error":{"code":409,"message":"Conflict occurred attempting to store project - it is not permitted","title":"Conflict"}}',
    envelope: {
      status: 409,
      message: 'Conflict occurred attempting to store project - it is not permitted',
      title: 'Conflict',
    },
    code: 'conflictingRequest',
  },
  {
    what: 'Keystone about a body against the schema',
    status: 400,
    text: `{"error":{"code":400,"message":"'auth' is a required property\\n\\nFailed validating 'required' in schema:\\n    {}","title":"Bad Request"}}`,
    envelope: {
      status: 400,
      message: "'auth' is a required property Failed validating 'required' in schema: {}",
      title: 'Bad Request',
    },
    code: 'badRequest',
  },
  {
    what: 'Flask in front of Keystone',
    status: 405,
    text: '{"message": "The method is not allowed for the requested URL."}',
    envelope: { message: 'The method is not allowed for the requested URL.' },
    code: 'badMethod',
  },
  {
    what: 'a stale token, as an identity service says it with 403',
    status: 403,
    text: '{"error":{"code":403,"message":"X-Auth-Token is invalid in the request","title":"Forbidden"}}',
    envelope: { status: 403, message: 'X-Auth-Token is invalid in the request', title: 'Forbidden' },
    code: 'forbidden',
    detail: 'TOKEN_STALE',
  },
  {
    what: 'a stale token, as a name service says it with 403',
    status: 403,
    text: '{"message":"X-Auth-Token is invalid"}',
    envelope: { message: 'X-Auth-Token is invalid' },
    code: 'forbidden',
    detail: 'TOKEN_STALE',
  },
  {
    what: 'Cinder about a quota',
    status: 413,
    text: `{"overLimit": {"code": 413, "message": "${quota}", "retryAfter": "0"}}`,
    envelope: { status: 413, message: quota, retryAfter: 0, name: 'overLimit' },
    code: 'overLimit',
  },
  {
    what: 'Cinder about too many requests',
    status: 413,
    text: '{"overLimitFault": {"code": 413, "message": "This request was rate-limited.", "details": "Only 10 POST request(s) can be made to * every minute."}}',
    envelope: { status: 413, message: 'This request was rate-limited.', name: 'overLimitFault' },
    code: 'overLimitFault',
  },
  {
    what: 'Cinder about a volume at work',
    status: 400,
    text: JSON.stringify({ badRequest: { code: 400, message: backingUp } }),
    envelope: { status: 400, message: backingUp, name: 'badRequest' },
    code: 'badRequest',
    detail: 'STATE_CHANGING',
  },
  {
    what: 'Cinder about a volume in use',
    status: 400,
    text: JSON.stringify({ badRequest: { code: 400, message: inUse } }),
    envelope: { status: 400, message: inUse, name: 'badRequest' },
    code: 'badRequest',
    detail: 'WRONG_STATE',
  },
  {
    what: 'Cinder about a backup in a wrong state',
    status: 400,
    text: JSON.stringify({ badRequest: { code: 400, message: wrongState } }),
    envelope: { status: 400, message: wrongState, name: 'badRequest' },
    code: 'badRequest',
    detail: 'WRONG_STATE',
  },
  {
    what: 'Cinder about a backup that is not there',
    status: 404,
    text: '{"itemNotFound":{"message":"Backup 592a0c4d-65a3-4051-8d51-1e2b6401b2d8 could not be found.","code":404 }}',
    envelope: {
      status: 404,
      message: 'Backup 592a0c4d-65a3-4051-8d51-1e2b6401b2d8 could not be found.',
      name: 'itemNotFound',
    },
    code: 'itemNotFound',
  },
  {
    what: 'Cinder about a right',
    status: 403,
    text: `{"forbidden": {"code": 403, "message": "Policy doesn't allow volume_extension:services:index to be performed."}}`,
    envelope: {
      status: 403,
      message: "Policy doesn't allow volume_extension:services:index to be performed.",
      name: 'forbidden',
    },
    code: 'forbidden',
  },
  {
    what: 'a flat error',
    status: 400,
    text: '{"error_code":"CSBS.2003","error_msg":"item in executing"}',
    envelope: { code: 'CSBS.2003', message: 'item in executing' },
    code: 'CSBS.2003',
  },
  {
    what: 'a message that is a document',
    status: 400,
    text: '{"error_code": "CSBS.6004", "error_msg": "{\\"msg\\": \\"The resource xxx is already in service.\\", \\"plan_id\\": \\"xxx\\", \\"plan_name\\": \\"backup-daily\\"}"}',
    envelope: {
      code: 'CSBS.6004',
      message: 'The resource xxx is already in service.',
      nested: { msg: 'The resource xxx is already in service.', plan_id: 'xxx', plan_name: 'backup-daily' },
    },
    code: 'CSBS.6004',
  },
  {
    what: 'an error under `error`',
    status: 500,
    text: '{"error":{"message":"XXXX","code":"XXX"}}',
    envelope: { code: 'XXX', message: 'XXXX' },
    code: 'XXX',
  },
  {
    what: 'a code of the service’s own under a name',
    status: 400,
    text: '{"badRequest":{"code":"XXXX","message":"XXX"}}',
    envelope: { code: 'XXXX', message: 'XXX', name: 'badRequest' },
    code: 'XXXX',
  },
  {
    what: 'the gateway about an address',
    status: 404,
    text: '{"error_code":"APIG.0101","error_msg":"API does not exist or is not published in the environment.","request_id":"acbc548ac6f2a0dbdb9e3518a7c0ff84"}',
    envelope: {
      code: 'APIG.0101',
      message: 'API does not exist or is not published in the environment.',
      requestId: 'acbc548ac6f2a0dbdb9e3518a7c0ff84',
    },
    code: 'APIG.0101',
  },
  {
    what: 'the gateway about an access key',
    status: 401,
    text: '{"error_msg":"Incorrect IAM authentication information: ak EXAMPLE not exist","error_code":"APIGW.0301","request_id":"8080d3"}',
    envelope: {
      code: 'APIGW.0301',
      message: 'Incorrect IAM authentication information: ak EXAMPLE not exist',
      requestId: '8080d3',
    },
    code: 'APIGW.0301',
    detail: 'AKSK_UNKNOWN',
  },
  {
    what: 'the gateway about too many requests',
    status: 429,
    text: `{"error_msg":"${throttled}","error_code":"APIG.0308","request_id":"914a39d6"}`,
    envelope: { code: 'APIG.0308', message: throttled, requestId: '914a39d6' },
    code: 'APIG.0308',
  },
  {
    what: 'a sibling with `code` and `message`',
    status: 409,
    text: '{"code":"VPC.0209","message":"subnet is still used ,such as computer,LB."}',
    envelope: { code: 'VPC.0209', message: 'subnet is still used ,such as computer,LB.' },
    code: 'VPC.0209',
  },
  {
    what: 'a sibling with a code of digits',
    status: 401,
    text: '{"error":{"code":"111401001","message":"Invalid token.","ext_message":null}}',
    envelope: { code: '111401001', message: 'Invalid token.' },
    code: '111401001',
  },
  {
    what: 'a sibling that says everything twice',
    status: 400,
    text: '{"error_code":"CCE_CM.0201","error_msg":"Request body invalid","message":"invalid primary fixedIp ","errorCode":"E.CFE.4000201","reason":"Request body invalid"}',
    envelope: { code: 'CCE_CM.0201', message: 'Request body invalid' },
    code: 'CCE_CM.0201',
  },
]
