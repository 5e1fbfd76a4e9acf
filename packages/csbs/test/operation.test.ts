import { describe, expect, it } from 'vitest'
import { csbs } from '../src/index.ts'
import { requestTo } from './reply.ts'

const { operation } = csbs()
const id = '8e9c4a1e-3a86-4f1f-9b2a-0d6f4c7c3b11'

describe('an operation is named by method and template', () => {
  it.each([
    ['PUT', `/v2/b942/policies/${id}`, 'PUT /v2/{project}/policies/{policy}'],
    [
      'POST',
      `/v1/b942/providers/${id}/resources/${id}/action`,
      'POST /v1/{project}/providers/{provider}/resources/{server}/action',
    ],
    ['POST', `/v1/b942/providers/${id}/resources/action`, 'POST /v1/{project}/providers/{provider}/resources/action'],
    ['GET', `/v1/b942/checkpoint_items/${id}?sort=x`, 'GET /v1/{project}/checkpoint_items/{checkpoint_item}'],
    ['GET', '/v1/b942/checkpoint_items/count', 'GET /v1/{project}/checkpoint_items/count'],
    ['DELETE', `/v1/b942/csbs_backup/${id}/tags/cost`, 'DELETE /v1/{project}/csbs_backup/{backup}/tags/{key}'],
    ['POST', '/v3/auth/tokens', 'POST /v3/auth/tokens'],
    ['POST', '/identity/v3/auth/tokens', 'POST /{prefix}/v3/auth/tokens'],
    ['GET', `/v2/b942/of/the/future/${id}`, 'GET /v2/{project}/{path}'],
    ['GET', '/health/4711', 'GET /{path}'],
    ['GET', '/', 'GET /'],
    ['GET', '/v3/', 'GET /v3'],
  ])('%s %s: %s', (method, path, name) => {
    expect(operation?.(requestTo(path, method))).toBe(name)
  })
})
