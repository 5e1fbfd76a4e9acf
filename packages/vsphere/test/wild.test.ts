import { describe, expect, it } from 'vitest'
import { catalogue, vsphere } from '../src/index.ts'
import { replyOf, requestTo } from './reply.ts'
import cases from './wild/replies.json' with { type: 'json' }

describe('replies that servers were seen to send', () => {
  it.each(cases)('$status $source: $body', ({ method, path, status, body, want }) => {
    const fault = vsphere().parse(replyOf(status, body, { request: requestTo(path, method) }))
    expect(fault && catalogue.find(fault)).toMatchObject(want)
  })
})
