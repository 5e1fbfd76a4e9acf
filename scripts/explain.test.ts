import { resilient, VendorError } from '@holdfast/core'
import type { ErrorRow, Vendor } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { subjects } from './secrets/vendors.ts'

// What `explain` says of an error never contradicts what the error says of itself.

const methods = ['GET', 'POST', 'PUT', 'DELETE']
const reasons = [
  ...['fatal', 'unlisted', 'auth', 'login-failed', 'session-rejected', 'conflict', 'attempts', 'deadline', 'budget'],
  ...['body-not-replayable', 'not-repeatable', 'untrusted-host', 'host-bound', 'too-many-hops', 'settled'],
  ...['circuit-open', 'paused', 'queue-full', 'closed'],
] as VendorError['reason'][]
/** Each row is tried with a fifth of the reasons, and each reason with a fifth of the rows. */
const SHARE = 5
const policies = [
  {},
  { retry: 0 },
  { acceptAchieved: true },
  { onConflict: () => 'accept' as const },
  { idempotent: true },
]

const faultOf = ({ code, refines, status }: ErrorRow) => ({
  code: (refines ?? code).replace('*', '7'),
  ...(refines !== undefined && { details: [code] }),
  ...(status !== undefined && { status }),
})

const agreeing = (error: VendorError) => {
  const { vendor, code, detail, kind, outcome, status, reason, retryAfter, request, operation } = error
  return {
    verdict: expect.objectContaining({
      vendor,
      code,
      kind,
      outcome,
      ...(detail !== undefined && { detail }),
      ...(status !== undefined && { status }),
    }),
    decision: { do: 'fail', reason, ...(retryAfter !== undefined && { retryAfter }) },
    request: expect.objectContaining({ ...request, operation }),
    why: expect.stringContaining(`(${reason})`),
  }
}

describe.each(subjects.flatMap(({ name, vendor, url, body }) => (vendor ? [[name, vendor, url, body] as const] : [])))(
  '%s',
  (_name, vendor: Vendor, url, body) => {
    it('each row as the answer to two methods in turn, under policies in turn', async () => {
      const clients = policies.map((policy) => resilient(fetch, { vendor, ...policy }))
      for (const [at, row] of vendor.catalogue.rows.entries()) {
        for (const [turn, method] of methods.entries()) {
          if ((at + turn) % 2 === 1) continue
          const client = clients[(at + turn) % clients.length] ?? resilient(fetch, { vendor })
          const error = await client.failure(faultOf(row), { url, method, ...(method !== 'GET' && { body }) })
          expect(await client.explain(error)).toMatchObject(agreeing(error))
        }
      }
    })

    it('each row with some reasons, and each reason with some rows, as another copy of this library made it', async () => {
      const client = resilient(fetch, { vendor })
      for (const [at, row] of vendor.catalogue.rows.entries()) {
        for (const reason of reasons.filter((_, turn) => (at + turn) % SHARE === 0)) {
          const error = new VendorError({
            vendor: vendor.name,
            ...faultOf(row),
            detail: row.refines === undefined ? undefined : row.code,
            kind: row.kind,
            outcome: row.outcome,
            params: {},
            attempts: [],
            reason,
            request: { method: 'POST', url, operation: 'Thing.make' },
          })
          // Whatever request is given beside it.
          expect(await client.explain(error, { method: 'GET' })).toMatchObject(agreeing(error))
        }
      }
    })
  },
)
