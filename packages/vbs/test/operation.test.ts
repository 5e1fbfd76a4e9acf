import { describe, expect, it } from 'vitest'
import { vbs } from '../src/index.ts'
import { requestTo } from './reply.ts'

const { operation } = vbs()
const id = '8e9c4a1e-3a86-4f1f-9b2a-0d6f4c7c3b11'

describe('an operation is named by method and template', () => {
  it.each([
    ['POST', '/v2/b942/cloudbackups', 'POST /v2/{project}/cloudbackups'],
    ['POST', `/v2/b942/cloudbackups/${id}/restore`, 'POST /v2/{project}/cloudbackups/{backup}/restore'],
    ['GET', '/v2/b942/backups/detail?name=nightly', 'GET /v2/{project}/backups/detail'],
    ['GET', `/v3/b942/backups/${id}`, 'GET /v3/{project}/backups/{backup}'],
    ['GET', '/v1/b942/jobs/4711', 'GET /v1/{project}/jobs/{job}'],
    ['POST', `/v2/b942/backuppolicy/${id}/tags/action`, 'POST /v2/{project}/backuppolicy/{policy}/tags/action'],
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
