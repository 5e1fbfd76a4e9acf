import type { Explanation } from '@holdfast/core'
import type { Kind } from '@holdfast/core/plugin'

/** An explanation for each request, by the request's name. */
export type Answers = Readonly<Record<string, Explanation>>

/** The meanings of the kinds. */
export const KINDS = {
  retryable: 'the same request may well succeed within minutes',
  auth: 'the session, the credentials or the rights of whoever asked are the reason',
  conflict: 'the present state of what the request names rules it out',
  fatal: 'the request must change, or somebody must act elsewhere',
} satisfies Record<Kind, string>

const OUTCOMES = {
  rejected: 'refused before anything was done',
  unknown: 'it may have been done, wholly or in part',
}

/** An explanation as lines for a person. */
export function inWords(vendor: string, answers: Answers): string {
  const all = Object.values(answers)
  const first = all.find(({ verdict }) => verdict !== undefined) ?? all[0]
  if (first === undefined) return ''
  const { verdict, row, why } = first
  if (verdict === undefined) return `${vendor}\n  ${why}\n`
  const { code, detail, status, kind, outcome, source } = verdict
  const lines = [
    ['kind', `${kind}: ${KINDS[kind]}`],
    ['outcome', `${outcome}: ${OUTCOMES[outcome]}`],
    ['hint', row?.hint],
    ['why', row?.why],
    ...Object.entries(answers).map(([name, { decision }]) => [name, stepOf(decision)]),
    ['detail', detail],
    ['params', row?.params?.join(', ')],
    ['status', status?.toString()],
    ['source', source === 'unlisted' ? 'no row lists it' : (row?.source ?? `the error document of ${vendor}`)],
  ]
  const known = lines.filter(([, text]) => text !== undefined && text !== '')
  return `${vendor} ${code}\n${known.map(([name = '', text]) => `  ${name.padEnd(9)} ${text}\n`).join('')}`
}

/** The next step of a client, by default. */
function stepOf(decision: Explanation['decision']): string {
  const { do: step, reason } = decision
  if (step === 'wait')
    return `sent again, after ${reason === 'server-hint' ? 'the wait that the server asks for' : 'a back-off'}`
  if (step === 'renew') return 'sent again, after one more login'
  if (step === 'reroute') return `sent to another host (${reason})`
  if (step === 'ask') return '`onConflict` is asked'
  return step === 'return' ? `the reply is returned (${reason})` : `fails (${reason})`
}
