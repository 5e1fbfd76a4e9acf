import { describe, expect, it } from 'vitest'
import { vbs } from '../src/index.ts'
import { project, requestTo } from './reply.ts'

const vendor = vbs()
const watching = vbs({ failedBackups: 'throw' })
const v2 = `/v2/${project}`
const byTag = `${v2}/backuppolicy/resource_instances/action`

describe('isSafe', () => {
  it.each([{ action: 'filter' }, { action: 'count', tags: [] }])(
    'a query by tag %o looks and does not touch',
    (body) => {
      expect(vendor.isSafe?.(requestTo(byTag, 'POST', body))).toBe(true)
      expect(vendor.isRepeatable?.(requestTo(byTag, 'POST', body))).toBe(true)
      expect(vendor.needsRequestBody?.(requestTo(byTag, 'POST'))).toBe(true)
    },
  )

  it.each([
    [byTag, undefined],
    [byTag, 'no JSON'],
    [byTag, { action: 'delete' }],
    [`${v2}/backuppolicy/p-1/action`, { action: 'filter' }],
    [`${v2}/cloudbackups`, { action: 'count' }],
  ])('POST %s %o: not that anybody knew', (path, body) => {
    expect(vendor.isSafe?.(requestTo(path, 'POST', body))).toBeUndefined()
    expect(vendor.isRepeatable?.(requestTo(path, 'POST', body))).toBe(false)
  })
})

describe('isRepeatable', () => {
  it.each([`${v2}/backuppolicy/p-1/tags`, `${v2}/backuppolicy/p-1/tags/action`, '/v3/auth/tokens?nocatalog=true'])(
    'POST %s: yes',
    (target) => {
      expect(vendor.isRepeatable?.(requestTo(target, 'POST'))).toBe(true)
    },
  )

  it.each([
    `${v2}/cloudbackups`,
    `${v2}/cloudbackups/b-1`,
    `${v2}/cloudbackups/b-1/restore`,
    `/v3/${project}/backups`,
    `/v3/${project}/backups/b-1/restore`,
    `${v2}/backuppolicy`,
    `${v2}/backuppolicy/p-1/action`,
    `${v2}/backuppolicyresources`,
    `${v2}/backuppolicyresources/p-1/deleted_resources`,
    `${v2}/os-vendor-backup-sharing`,
  ])('POST %s: never, whatever header it carries', (target) => {
    expect(vendor.isRepeatable?.(requestTo(target, 'POST', {}))).toBe(false)
  })

  it.each(['GET', 'PUT', 'DELETE'])('%s is left to HTTP', (method) => {
    expect(vendor.isRepeatable?.(requestTo(`${v2}/backuppolicy/p-1`, method))).toBeUndefined()
    expect(vendor.isSafe?.(requestTo(`${v2}/backuppolicy/p-1`, method))).toBeUndefined()
  })
})

describe('bodyNeed', () => {
  it.each([
    ['GET', `/v1/${project}/jobs/j-1`],
    ['POST', `${v2}/backuppolicyresources`],
    ['POST', `${v2}/backuppolicyresources/p-1/deleted_resources`],
  ])('%s %s: the whole', (method, target) => {
    expect(vendor.bodyNeed?.(requestTo(target, method))).toBe('whole')
  })

  it.each([
    ['GET', `${v2}/backups`],
    ['GET', `${v2}/backups/detail`],
    ['GET', `${v2}/backups/b-1`],
    ['GET', `${v2}/backuppolicy/p-1/backuptasks`],
    ['GET', `${v2}/cloudbackups/quota`],
    ['POST', `${v2}/cloudbackups`],
    ['POST', `/v3/${project}/backups`],
  ])('%s %s: none', (method, target) => {
    expect(vendor.bodyNeed?.(requestTo(target, method))).toBe('none')
  })

  it('is the whole of a backup for those who want to know that it has failed', () => {
    expect(watching.bodyNeed?.(requestTo(`/v3/${project}/backups/b-1`))).toBe('whole')
    expect(watching.bodyNeed?.(requestTo(`${v2}/backups/detail`))).toBe('none')
  })
})

describe('scope', () => {
  it.each([
    ['/identity/v3/auth/tokens', 'login'],
    [`${v2}/cloudbackups`, 'data'],
  ])('%s is %s', (path, scope) => {
    expect(vendor.scope?.(requestTo(path, 'POST'))).toBe(scope)
  })
})

describe('a slash at the end of a path', () => {
  it.each<[string, string, unknown]>([
    ['POST', byTag, { action: 'count' }],
    ['POST', `${v2}/backuppolicy/p-1/tags`, {}],
    ['POST', `${v2}/backuppolicyresources`, {}],
    ['POST', '/v3/auth/tokens', {}],
    ['GET', `/v1/${project}/jobs/j-1`, undefined],
    ['GET', `${v2}/backups/b-1`, undefined],
    ['GET', `${v2}/backups/detail`, undefined],
    ['GET', `${v2}/backups`, undefined],
  ])('changes nothing: %s %s', (method, target, body) => {
    const [bare, slashed] = [requestTo(target, method, body), requestTo(`${target}/`, method, body)]
    for (const ask of ['isSafe', 'isRepeatable', 'needsRequestBody', 'scope', 'bodyNeed'] as const) {
      expect(watching[ask]?.(slashed)).toBe(watching[ask]?.(bare))
    }
  })
})

describe('verifyWith', () => {
  const newest = 'sort_key=created_at&sort_dir=desc'
  const create = { backup: { volume_id: 'v-1', name: 'nightly' } }
  it.each<[string, string, unknown, string]>([
    ['POST', `${v2}/cloudbackups`, create, `${v2}/backups/detail?volume_id=v-1&name=nightly&${newest}`],
    ['POST', `${v2}/cloudbackups`, { backup: { name: '\ude00' } }, `${v2}/backups/detail?name=%EF%BF%BD&${newest}`],
    ['POST', `${v2}/cloudbackups`, undefined, `${v2}/backups/detail?${newest}`],
    ['POST', `/v3/${project}/backups`, create, `/v3/${project}/backups/detail?volume_id=v-1&name=nightly&${newest}`],
    ['POST', `${v2}/cloudbackups/b-1/restore`, { restore: { volume_id: 'v-1' } }, `${v2}/backups/b-1`],
    ['POST', `${v2}/cloudbackups/b-1`, undefined, `${v2}/backups/b-1`],
    ['POST', `/v3/${project}/backups/b-1/restore`, {}, `/v3/${project}/backups/b-1`],
    ['DELETE', `/v3/${project}/backups/b-1`, undefined, `/v3/${project}/backups/b-1`],
    ['POST', `${v2}/backuppolicy`, { backup_policy_name: 'n' }, `${v2}/backuppolicy`],
    ['PUT', `${v2}/backuppolicy/p-1`, {}, `${v2}/backuppolicy`],
    ['POST', `${v2}/backuppolicy/p-1/action`, undefined, `${v2}/backuppolicy/p-1/backuptasks?${newest}`],
    ['POST', `${v2}/backuppolicyresources`, { backup_policy_id: 'p-1', resources: [] }, `${v2}/backuppolicy`],
    ['POST', `${v2}/backuppolicy/p-1/tags/action`, {}, `${v2}/backuppolicy/p-1/tags`],
    ['DELETE', `${v2}/backuppolicy/p-1/tags/env`, undefined, `${v2}/backuppolicy/p-1/tags`],
    [
      'POST',
      `${v2}/os-vendor-backup-sharing`,
      { shared: { backup_id: 'b-1' } },
      `${v2}/os-vendor-backup-sharing/detail?backup_id=b-1&${newest}`,
    ],
    ['DELETE', `${v2}/os-vendor-backup-sharing/s-1`, undefined, `${v2}/os-vendor-backup-sharing/s-1`],
  ])('%s %s %o', (method, target, body, question) => {
    expect(vendor.verifyWith?.(requestTo(target, method, body))).toBe(`GET ${question}`)
    expect(vendor.verifyWith?.(requestTo(`${target}/`, method, body))).toBe(`GET ${question}`)
  })

  it.each<[string, string, unknown]>([
    ['GET', `${v2}/backups`, undefined],
    ['POST', '/v3/auth/tokens', {}],
    ['POST', `${v2}/something/new`, {}],
    ['POST', byTag, { action: 'count' }],
  ])('%s %s %o: nothing', (method, target, body) => {
    expect(vendor.verifyWith?.(requestTo(target, method, body))).toBeUndefined()
  })
})
