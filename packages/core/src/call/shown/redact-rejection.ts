import type { Vendor } from '../../contract/vendor.ts'
import { redactThrown } from '../../error/redact-cause.ts'
import { isRequest } from '../../request/is-request.ts'
import type { FetchArguments } from '../../request/replayable-request.ts'
import { secretsOfUrl } from '../../secrets/credentials.ts'
import { secretsOfHeaders } from '../../secrets/credentials-in-headers.ts'
import { Redactor } from '../../secrets/redact.ts'
import type { Call } from '../call.ts'
import type { CallResult } from '../call-result.ts'

type Raw = Extract<CallResult, { type: 'raw' }>

/** A rejection that the engine does not interpret, as it may be told: the very same value where no secret of the call is in it. */
export function redactRejection(call: Call, raw: Raw): Raw {
  // As fetch does: a caller knows his own reason by its identity.
  if (raw.thrown === call.signal?.reason) return raw
  return { type: 'raw', thrown: redactThrown(raw.thrown, new Redactor(call.secrets())) }
}

/** The error that `fetch` has for arguments which no request can be made of, as it may be told. */
export function redactUnsent(
  thrown: unknown,
  vendor: Vendor | undefined,
  ...given: readonly FetchArguments[]
): unknown {
  const secrets = given.flatMap(([input, init]) => [
    ...secretsOfUrl(isRequest(input) ? input.url : String(input)),
    ...secretsOfHeaders(init?.headers ?? (isRequest(input) ? input.headers : undefined), vendor?.secretHeaders),
  ])
  return redactThrown(thrown, new Redactor(secrets))
}
