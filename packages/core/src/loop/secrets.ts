import { secretsOfHeaders, secretsOfQuery } from '../redact.ts'
import type { Call } from './call.ts'

/** Every string that must not stand in what a call tells: the session's, the credentials', those that its caller shows. */
export function secretsOf({ message, engine, slot, own }: Call): readonly string[] {
  const { vendor } = engine
  const ofHeaders = secretsOfHeaders(new Headers(message.headers), vendor?.secretHeaders ?? [])
  const shown = [...ofHeaders, ...secretsOfQuery(message.facts.query), ...(vendor?.secretsIn?.(message.facts) ?? [])]
  return [...(slot?.secrets() ?? []), ...(own?.() ?? []), ...shown]
}
