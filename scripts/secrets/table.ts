import {
  failureOf,
  isVendorError,
  type ResilienceEvent,
  type ResilientOptions,
  resilient,
  timeline,
} from '@holdfast/core'
import type { Answers } from './places.ts'
import { requestOf } from './secrets.ts'
import { textsIn, tracesOf } from './shown.ts'
import { type Spell, spellings } from './spellings.ts'
import type { Subject } from './vendors.ts'

/** Texts with all of these secrets in them, one after the other. */
export const inOne = (secrets: readonly string[], spell: Spell): string => secrets.map(spell).join(' | ')

/** The two ways to call: as the client throws, and as its `fetch` returns. */
export type Face = 'client' | 'fetch'

/**
 * Every fourth spelling, so that each place and each vendor meets all of them, but not each place at each vendor; with the two
 * faces in turn, so that both meet every spelling at each place.
 */
export const shareOf = (place: number): readonly (readonly [name: string, spell: Spell, face: Face])[] =>
  Object.entries(spellings).flatMap(([name, spell], column) => {
    if ((place + column) % 4 !== 0) return []
    return [[name, spell, (place + column) % 8 === 0 ? 'client' : 'fetch'] as const]
  })

/** The secrets that are in what was reported, wholly or in part. */
export function leaksIn(shown: readonly unknown[], secrets: readonly string[], spell: Spell): readonly string[] {
  const texts = textsIn(shown).join('\n')
  return secrets.filter((secret) => tracesOf(secret, spell(secret)).some((trace) => texts.includes(trace)))
}

/** All that a call with this answer reports, and all that can be read from it afterwards. */
export async function tell(
  subject: Subject,
  { login = subject.login, reply }: Answers,
  face: Face,
  options: ResilientOptions = {},
): Promise<readonly unknown[]> {
  const shown: unknown[] = []
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) =>
    subject.isLogin({ url: String(input), body: String(init.body ?? '') }) ? login() : reply()
  const client = resilient(fetch, {
    ...(subject.vendor && { vendor: subject.vendor }),
    retry: 0,
    observers: [(event: ResilienceEvent) => void shown.push(event), timeline((line) => shown.push(line))],
    onConflict: (verdict, request) => {
      shown.push(verdict, request)
      return 'fail'
    },
    ...options,
  })
  const request = requestOf(subject.url, subject.body)
  const call = face === 'client' ? client : client.fetch
  const answered = await call(...request).catch((thrown: unknown) => thrown)
  // In mode `observe` fetch's own rejection goes to its caller as it is, and nothing is kept of a reply.
  if (options.mode === 'observe') return [shown, client.state.snapshot()]
  shown.push(face === 'client' ? answered : failureOf(answered), client.state.snapshot())
  if (isVendorError(answered) || answered instanceof Response) shown.push(await client.explain(answered))
  return shown
}
