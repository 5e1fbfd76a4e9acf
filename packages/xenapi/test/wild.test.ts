import { resilient, type VendorError } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/catalogue.ts'
import { xenapi } from '../src/index.ts'
import { one } from './calls.ts'
import errors from './wild/errors.json' with { type: 'json' }

describe('errors that people have reported', () => {
  it.each(errors)('$source: $method $error', async ({ method, params: further, error, want }) => {
    const [message, ...data] = error
    const fetch = async () => Response.json({ jsonrpc: '2.0', error: { code: 1, message, data }, id: 1 })
    const client = resilient(fetch, { vendor: xenapi(), retry: false })
    const params = ['OpaqueRef:session', 'OpaqueRef:vm', ...further]
    const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
    const met = await client(`${one}/jsonrpc`, { method: 'POST', body }).catch((thrown: VendorError) => thrown)
    expect(met).toMatchObject({ code: message, mayBeDone: want.outcome === 'unknown', ...want })
    expect(catalogue.find({ code: message ?? '', params: data })).toBeDefined()
  })

  it('have a source each', () => {
    expect(errors.length).toBeGreaterThanOrEqual(30)
    for (const { source } of errors) expect(source).toMatch(/^[\w-]+\/[\w-]+(?:#\d+| [\w./@-]+)$/)
  })
})
