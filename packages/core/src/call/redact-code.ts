import type { Verdict } from '../contract/verdict.ts'
import { redact } from '../error/redact.ts'

/** A verdict whose code may be told: one that no row spells is the server's own words, and may hold anything. */
export function redactCode(verdict: Verdict, secrets: () => readonly string[]): Verdict {
  const { row, fault } = verdict
  const { code, details } = fault
  const isSpelt = row !== undefined && (row.code === code || row.refines === code)
  if (isSpelt && details === undefined) return verdict
  const all = secrets()
  const finer = details && { details: details.map((detail) => redact(detail, all)) }
  return { ...verdict, fault: { ...fault, code: isSpelt ? code : redact(code, all), ...finer } }
}
