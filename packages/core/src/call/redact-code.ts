import type { Verdict } from '../contract/verdict.ts'
import { Redactor } from '../error/redact.ts'

/** A verdict whose code may be told: one that no row spells is the server's own words, and may hold anything. */
export function redactCode(verdict: Verdict, secrets: () => readonly string[]): Verdict {
  const { row, fault } = verdict
  const { code, details } = fault
  const isSpelt = row !== undefined && (row.code === code || row.refines === code)
  if (isSpelt && details === undefined) return verdict
  const redactor = new Redactor(secrets())
  const finer = details && { details: details.slice(0, MOST_DETAILS).map((detail) => redactor.code(detail)) }
  return { ...verdict, fault: { ...fault, code: isSpelt ? code : redactor.code(code), ...finer } }
}

/** Finer codes of one fault that are kept. */
const MOST_DETAILS = 20
