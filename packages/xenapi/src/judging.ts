import type { Fault, Vendor } from '@holdfast/core/plugin'
import { writeCall } from './wire/call.ts'

/** Makes the error of what no verdict was given on: a task that failed, an answer that cannot be read. */
export type Judge = (call: Called, fault: Fault, seen?: Seen) => Promise<unknown>

/** The call that an error is about. Its secrets are blanked. */
export interface Called {
  readonly method: string
  /** All of them, the session's placeholder included. */
  readonly params: readonly unknown[]
}

/** What was seen of a reply. */
export interface Seen {
  readonly text?: string
  /** Whatever the user's `errors` say: what nobody knows, nobody can say otherwise of. */
  readonly asListed?: true
}

/** An engine that sends nothing and repeats nothing, and takes such a reply for the answer to whatever it is asked. */
export type Hearing = (
  vendor: Vendor,
  reply: () => Response,
  fault: Fault,
  seen: Seen,
) => (url: string, init: RequestInit) => Promise<Response>

/**
 * Judges faults by the same catalogue and the same rules as those of replies. All of them came after the host had taken
 * the call, so what acts may be done.
 *
 * @param secrets the strings that must not stand in an error: a task repeats what its host was told.
 */
export function judging(
  { auth: _none, ...vendor }: Vendor,
  hearing: Hearing,
  secrets: () => readonly string[] = () => [],
): Judge {
  const secretsIn: Vendor['secretsIn'] = (request) => [...(vendor.secretsIn?.(request) ?? []), ...secrets()]
  return ({ method, params }, fault, seen = {}) => {
    const said = { ...fault, inTask: true }
    const told: Vendor = { ...vendor, secretsIn, bodyNeed: () => 'whole', parse: () => said }
    const reply = () => new Response(seen.text ?? '')
    const body = writeCall('json-rpc-2.0', method, params)
    const hear = hearing(told, reply, said, seen)
    return hear(`${vendor.origins?.[0]}/jsonrpc`, { method: 'POST', body }).then(
      () => new Error(`${method} failed with ${fault.code}.`),
      (error: unknown) => error,
    )
  }
}
