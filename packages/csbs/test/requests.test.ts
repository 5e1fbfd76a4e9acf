import { describe, expect, it } from 'vitest'
import { csbs } from '../src/index.ts'
import { project, provider, requestTo } from './reply.ts'

const vendor = csbs()
const watching = csbs({ failedBackups: 'throw' })
const server = '9506416d-db6c-406e-8bca-c0f43793d914'
const check = `${provider}/resources/action`
const byTag = `${project}/csbs_backup/resource_instances/action`

describe('isSafe', () => {
  it.each([
    [check, { check_protectable: [{ resource_id: server }] }],
    [check, { check_restorable: [{ checkpoint_item_id: 'b-1' }] }],
    [byTag, { action: 'filter', tags: [] }],
    [`${project}/csbs_backup_policy/resource_instances/action`, { action: 'count' }],
  ])('POST %s %o looks and does not touch', (path, body) => {
    expect(vendor.isSafe?.(requestTo(path, 'POST', body))).toBe(true)
    expect(vendor.isRepeatable?.(requestTo(path, 'POST', body))).toBe(true)
  })

  it.each([
    [check, undefined],
    [check, 'no JSON'],
    [check, {}],
    [check, { protect: {} }],
    [check, { check_protectable: [], protect: {} }],
    [byTag, { action: 'delete' }],
    [byTag, undefined],
    [`${provider}/resources/${server}/action`, { check_protectable: [] }],
    [`${provider}/checkpoints`, {}],
    [`${project}/policies`, { action: 'filter' }],
  ])('POST %s %o: not that anybody knew', (path, body) => {
    expect(vendor.isSafe?.(requestTo(path, 'POST', body))).toBeUndefined()
    expect(vendor.isRepeatable?.(requestTo(path, 'POST', body))).toBe(false)
  })

  it.each(['GET', 'PUT', 'DELETE'])('%s is left to HTTP', (method) => {
    expect(vendor.isSafe?.(requestTo(`${project}/policies/p-1`, method))).toBeUndefined()
    expect(vendor.isRepeatable?.(requestTo(`${project}/policies/p-1`, method))).toBeUndefined()
  })

  it('reads no body ahead but those that it depends on', () => {
    expect([check, byTag].map((path) => vendor.needsRequestBody?.(requestTo(path, 'POST')))).toEqual([true, true])
    const others = [`${provider}/resources/${server}/action`, `${project}/csbs_backup/b-1/tags/action`]
    expect(others.map((path) => vendor.needsRequestBody?.(requestTo(path, 'POST')))).toEqual([false, false])
  })
})

describe('isRepeatable', () => {
  it.each([
    `${project}/csbs_backup/b-1/tags`,
    `${project}/csbs_backup_policy/p-1/tags`,
    `${project}/csbs_backup/b-1/tags/action`,
    '/v3/auth/tokens',
    '/identity/v3/auth/tokens?nocatalog=true',
  ])('POST %s: yes', (target) => {
    expect(vendor.isRepeatable?.(requestTo(target, 'POST'))).toBe(true)
  })

  it.each([
    `${provider}/resources/${server}/action`,
    `${provider}/checkpoints`,
    `${project}/restores`,
    `${project}/policies`,
    `${project}/something/new`,
  ])('POST %s: never, whatever header it carries', (target) => {
    expect(vendor.isRepeatable?.(requestTo(target, 'POST', { protect: {} }))).toBe(false)
  })
})

describe('bodyNeed', () => {
  it.each([
    ['POST', check],
    ['POST', `${provider}/resources/${server}/action`],
    ['POST', `${provider}/checkpoints`],
    ['POST', `${project}/restores`],
  ])('%s %s: the whole', (method, target) => {
    expect(vendor.bodyNeed?.(requestTo(target, method))).toBe('whole')
  })

  it.each([
    ['GET', `${project}/checkpoint_items`],
    ['GET', `${project}/checkpoint_items/count`],
    ['GET', `${project}/checkpoint_items/b-1`],
    ['GET', `${project}/policies/p-1`],
    ['POST', `${project}/policies`],
    ['POST', byTag],
    ['DELETE', `${provider}/checkpoints/r-1`],
  ])('%s %s: none', (method, target) => {
    expect(vendor.bodyNeed?.(requestTo(target, method))).toBe('none')
  })

  it('is the whole of a backup for those who want to know that it has failed', () => {
    expect(watching.bodyNeed?.(requestTo(`${project}/checkpoint_items/b-1`))).toBe('whole')
    expect(watching.bodyNeed?.(requestTo(`${project}/checkpoint_items/count`))).toBe('none')
    expect(watching.bodyNeed?.(requestTo(`${project}/checkpoint_items`))).toBe('none')
  })
})

describe('scope', () => {
  it.each([
    ['/v3/auth/tokens', 'login'],
    [`${project}/policies`, 'data'],
  ])('%s is %s', (path, scope) => {
    expect(vendor.scope?.(requestTo(path, 'POST'))).toBe(scope)
  })
})

describe('a slash at the end of a path', () => {
  it.each<[string, string, unknown]>([
    ['POST', check, { check_protectable: [] }],
    ['POST', byTag, { action: 'count' }],
    ['POST', `${project}/csbs_backup/b-1/tags`, {}],
    ['POST', `${project}/restores`, {}],
    ['POST', '/v3/auth/tokens', {}],
    ['GET', `${project}/checkpoint_items/b-1`, undefined],
    ['GET', `${project}/checkpoint_items/count`, undefined],
    ['GET', `${project}/checkpoint_items`, undefined],
  ])('changes nothing: %s %s', (method, target, body) => {
    const [bare, slashed] = [requestTo(target, method, body), requestTo(`${target}/`, method, body)]
    for (const ask of ['isSafe', 'isRepeatable', 'needsRequestBody', 'scope', 'bodyNeed'] as const) {
      expect(watching[ask]?.(slashed)).toBe(watching[ask]?.(bare))
    }
  })
})

describe('verifyWith', () => {
  const newest = 'sort=created_at:desc'
  it.each<[string, string, unknown, string]>([
    [
      'POST',
      `${provider}/resources/${server}/action`,
      { protect: { backup_name: 'nightly' } },
      `checkpoint_items?resource_id=${server}&name=nightly&${newest}`,
    ],
    ['POST', `${provider}/resources/${server}/action`, undefined, `checkpoint_items?resource_id=${server}&${newest}`],
    [
      'POST',
      `${provider}/checkpoints`,
      { checkpoint: { plan_id: 'p-1', parameters: {} } },
      `checkpoint_items?policy_id=p-1&${newest}`,
    ],
    ['POST', `${provider}/checkpoints`, undefined, `checkpoint_items?${newest}`],
    [
      'POST',
      `${project}/restores`,
      { restore: { checkpoint_id: 'r-1', parameters: { checkpoint_item_id: 'b-1' } } },
      'checkpoint_items/b-1',
    ],
    ['POST', `${project}/restores`, undefined, 'checkpoint_items?status=restoring'],
    ['POST', `${project}/policies`, { policy: { name: 'every night' } }, `policies?name=every%20night&${newest}`],
    ['POST', `${project}/policies`, { policy: { name: 'half \ud83d' } }, `policies?name=half%20%EF%BF%BD&${newest}`],
    ['PUT', `${project}/policies/p-1`, {}, 'policies/p-1'],
    ['DELETE', `${project}/policies/p-1`, undefined, 'policies/p-1'],
    ['DELETE', `${provider}/checkpoints/r-1`, undefined, `checkpoint_items?checkpoint_id=r-1&${newest}`],
    ['DELETE', `${provider}/checkpoints/r-1?checkpoint_items=b-1`, undefined, 'checkpoint_items/b-1'],
    [
      'DELETE',
      `${provider}/checkpoints/r-1?checkpoint_items=b-1,b-2`,
      undefined,
      `checkpoint_items?checkpoint_id=r-1&${newest}`,
    ],
    ['POST', `${project}/csbs_backup/b-1/tags/action`, {}, 'csbs_backup/b-1/tags'],
    ['DELETE', `${project}/csbs_backup_policy/p-1/tags/env`, undefined, 'csbs_backup_policy/p-1/tags'],
  ])('%s %s %o', (method, target, body, question) => {
    expect(vendor.verifyWith?.(requestTo(target, method, body))).toBe(`GET ${project}/${question}`)
  })

  it.each([
    ['POST', `${project}/restores`, 'checkpoint_items?status=restoring'],
    ['PUT', `${project}/policies/p-1`, 'policies/p-1'],
    ['POST', `${project}/csbs_backup/b-1/tags`, 'csbs_backup/b-1/tags'],
    ['POST', `${project}/csbs_backup/b-1/tags/action`, 'csbs_backup/b-1/tags'],
  ])('%s %s/: as without the slash', (method, target, question) => {
    expect(vendor.verifyWith?.(requestTo(`${target}/`, method))).toBe(`GET ${project}/${question}`)
  })

  it('keeps the path that a gateway puts in front', () => {
    expect(vendor.verifyWith?.(requestTo(`/backup${project}/policies`, 'POST'))).toBe(
      `GET /backup${project}/policies?${newest}`,
    )
  })

  it.each([
    ['GET', `${project}/policies`],
    ['POST', '/v3/auth/tokens'],
    ['POST', `${project}/something/new`],
  ])('%s %s: nothing', (method, target) => {
    expect(vendor.verifyWith?.(requestTo(target, method))).toBeUndefined()
  })

  it('has nothing to say of what only looks', () => {
    expect(vendor.verifyWith?.(requestTo(check, 'POST', { check_protectable: [] }))).toBeUndefined()
  })
})
