import type { Fault } from '../contract/fault.ts'
import type { ErrorRow } from '../contract/row.ts'
import type { Verdict } from '../contract/verdict.ts'
import { REDACTED, Redactor } from '../secrets/redact.ts'

/** Characters of a page that are shown. */
const LONGEST_PAGE = 500
/** Finer codes of one fault that are kept. */
const MOST_DETAILS = 20

/** A verdict whose code may be shown: a code that no row lists comes from the server and may contain anything. */
export function redactCode(verdict: Verdict, secrets: () => readonly string[]): Verdict {
  const { fault } = verdict
  if (isSpelt(verdict) && fault.details === undefined) return verdict
  return { ...verdict, fault: { ...fault, ...codesOf(verdict, new Redactor(secrets())) } }
}

/** A verdict without a code from the server, for a call whose secrets are not known. */
export function withoutOwnCode(verdict: Verdict): Verdict {
  const { details: _, ...fault } = verdict.fault
  return { ...verdict, fault: isSpelt(verdict) ? fault : { ...fault, code: REDACTED } }
}

/** A verdict that may be shown. Its fault has only the known members: a parser may have added others. */
export function redactVerdict(verdict: Verdict, redactor: Redactor): Verdict {
  const { message, params, status, transient, retryAfter, inTask, settled, achieved } = verdict.fault
  const fault: Fault = {
    ...codesOf(verdict, redactor),
    ...(status !== undefined && { status }),
    // Only the beginning of an unknown page. It is cut after redaction, which would not find half a secret.
    ...(message !== undefined && {
      message: verdict.source === 'status' ? redactor.text(message, LONGEST_PAGE) : redactor.text(message),
    }),
    ...(params !== undefined && { params: redactor.value(params) as readonly unknown[] }),
    ...(transient !== undefined && { transient }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(inTask !== undefined && { inTask }),
    ...(settled !== undefined && { settled }),
    ...(achieved !== undefined && { achieved }),
  }
  const { reroute, row, source } = verdict
  return {
    ...verdict,
    fault,
    row: row !== undefined && source === 'classify' ? redactRow(row, redactor) : row,
    reroute: reroute === undefined ? undefined : redactor.text(reroute),
  }
}

/** Redacts a row that was made for one reply, perhaps from its text. */
const redactRow = (row: ErrorRow, redactor: Redactor): ErrorRow => ({
  ...row,
  code: redactor.code(row.code),
  hint: redactor.text(row.hint),
})

function codesOf(verdict: Verdict, redactor: Redactor): Pick<Fault, 'code' | 'details'> {
  const { code, details } = verdict.fault
  return {
    code: isSpelt(verdict) ? code : redactor.code(code),
    ...(details !== undefined && { details: details.slice(0, MOST_DETAILS).map((detail) => redactor.code(detail)) }),
  }
}

/** True if a row lists the code. A code from the `classify` option may come from the reply. */
const isSpelt = ({ row, source, fault: { code } }: Verdict): boolean =>
  row !== undefined && source !== 'classify' && (row.code === code || row.refines === code)
