import type { Vendor } from '../../contract/vendor.ts'
import { redactThrown } from '../../error/redact-cause.ts'
import { isRequest } from '../../request/is-request.ts'
import type { FetchArguments } from '../../request/replayable-request.ts'
import { secretsOfHeaders } from '../../secrets/credentials-in-headers.ts'
import { Redactor } from '../../secrets/redact.ts'
import { secretsOfAddress } from '../../secrets/secrets-in-text.ts'

/** The redacted error of `fetch` for arguments from which no request can be made. */
export function redactUnsent(
  thrown: unknown,
  vendor: Vendor | undefined,
  ...given: readonly FetchArguments[]
): unknown {
  const secrets = given.flatMap(([input, init]) => [
    ...secretsOfAddress(isRequest(input) ? input.url : String(input)),
    ...secretsOfHeaders(init?.headers ?? (isRequest(input) ? input.headers : undefined), vendor?.secretHeaders),
  ])
  return redactThrown(thrown, new Redactor(secrets))
}
