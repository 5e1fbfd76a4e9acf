import { resilient } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { catalogue, vbs } from '../src/index.ts'
import { replyOf, requestTo } from './reply.ts'
import cases from './wild/replies.json' with { type: 'json' }

describe('replies that servers were seen to send', () => {
  it.each(cases)('$status $source: $body', ({ method, path, status, body, want }) => {
    const fault = vbs().parse(replyOf(status, body, requestTo(path, method)))
    expect(fault && catalogue.find(fault)).toMatchObject(want)
  })

  // As python-otcextensions has it in its tests.
  it('503 with a code that no document lists keeps it, and is judged by its status', async () => {
    const url = 'https://vbs.example'
    const text = '{"error_code": "VBS.0002", "error_msg": "Failed to create."}'
    const client = resilient(async () => new Response(text, { status: 503 }), { vendor: vbs({ url }), retry: 0 })
    const post = client(`${url}/v3/p/backups`, { method: 'POST' })
    await expect(post).rejects.toMatchObject({
      code: 'VBS.0002',
      kind: 'retryable',
      outcome: 'unknown',
      mayBeDone: true,
    })
  })
})
