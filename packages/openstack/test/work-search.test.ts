import { describe, expect, it } from 'vitest'
import { replyTo, requestFacts } from '../src/testing.ts'
import { openstackWork } from '../src/work/index.ts'

const since = Date.parse('2026-01-02T03:00:00Z')

const requestOf = (line: string, given?: unknown) => {
  const [method = '', path = ''] = line.split(' ')
  return requestFacts(`https://cloud.example${path}`, method, given)
}

describe('a start that was not answered is found', () => {
  const find = (line: string, given: unknown, body: unknown) => {
    const reply = replyTo(requestOf('GET /'), 200, JSON.stringify(body))
    return openstackWork.found?.(reply, requestOf(line, given), since, (one) => one === 'taken')?.id
  }
  const pathFor = (line: string, given?: unknown) => openstackWork.find?.(requestOf(line, given))?.path

  it.each([
    ['one made since', [{}], 'v0'],
    ['an older one beside it', [{}, { created_at: '2026-01-02T02:00:00.000000' }], 'v0'],
    ['one without a time', [{ created_at: null }], undefined],
    ['two made since', [{}, {}], undefined],
    ['one of another size', [{ size: 7 }], undefined],
    ['one of another name', [{ name: 'n2' }], undefined],
    ['none', [], undefined],
  ])('where there is %s, and only then', (_, listed, id) => {
    const own = { name: 'n', size: 1, created_at: '2026-01-02T03:00:01.000000' }
    const volumes = listed.map((other, at) => ({ id: `v${at}`, ...own, ...other }))
    expect(find('POST /v3/p/volumes', { volume: { name: 'n', size: 1 } }, { volumes })).toBe(id)
  })

  it('a server, by its flavor as well', () => {
    const given = { server: { name: 'web', flavorRef: '2' } }
    const servers = (flavor: string) => [
      { id: 's', name: 'web', created: '2026-01-02T03:00:01Z', flavor: { id: flavor } },
    ]
    expect(find('POST /v2.1/servers', given, { servers: servers('2') })).toBe('s')
    expect(find('POST /v2.1/servers', given, { servers: servers('3') })).toBeUndefined()
    expect(pathFor('POST /v2.1/servers', given)).toContain('/v2.1/servers/detail?name=web&')
    expect(pathFor('POST /v2.1/servers', { server: { name: 'a.*' } })).not.toContain('name=')
  })

  it.each([
    ['POST /v2.1/servers/a/action', { 'os-stop': null }, { 'OS-EXT-STS:task_state': 'powering-off' }, 'a'],
    ['POST /v2.1/servers/a/action', { 'os-stop': null }, { status: 'SHUTOFF', 'OS-EXT-STS:task_state': null }, 'a'],
    [
      'POST /v2.1/servers/a/action',
      { 'os-stop': null },
      { status: 'ACTIVE', 'OS-EXT-STS:task_state': null },
      undefined,
    ],
    ['DELETE /v2.1/servers/a', undefined, { 'OS-EXT-STS:task_state': 'deleting' }, 'a'],
    ['DELETE /v2.1/servers/a', undefined, { status: 'ACTIVE', 'OS-EXT-STS:task_state': null }, undefined],
  ])('%s %j by %j: %s', (line, given, record, id) => {
    expect(find(line, given, { server: { id: 'a', ...record } })).toBe(id)
  })

  it.each([
    [{ status: 'extending', size: 1 }, 'a'],
    [{ status: 'in-use', size: 3 }, 'a'],
    [{ status: 'available', size: 1 }, undefined],
  ])('an extension by %j', (record, id) => {
    const given = { 'os-extend': { new_size: 3 } }
    expect(find('POST /v3/p/volumes/a/action', given, { volume: { id: 'a', ...record } })).toBe(id)
  })

  it.each([
    ['DELETE /v3/p/volumes/a', undefined],
    ['DELETE /v3/p/snapshots/a', undefined],
    ['DELETE /v3/p/backups/a', undefined],
    ['DELETE /v2.1/servers/a', undefined],
    ['DELETE /v2/images/a', undefined],
    ['DELETE /v2.0/lbaas/loadbalancers/a', undefined],
    ['DELETE /v2.0/lbaas/pools/p/members/a', undefined],
    ['DELETE /v2.1/servers/s/os-volume_attachments/a', undefined],
    ['POST /v2.1/servers/a/action', { forceDelete: null }],
    ['POST /v3/p/volumes/a/action', { 'os-force_delete': null }],
    ['POST /v3/p/snapshots/a/action', { 'os-force_delete': null }],
    ['POST /v3/p/volumes/a/action', { 'os-unmanage': null }],
  ])('as done where nothing is there any more: %s %j', (line, given) => {
    const request = requestOf(line, given)
    expect(openstackWork.find?.(request)?.path).toMatch(/\/a$/)
    const achieved = (status: number) => openstackWork.isAchieved?.({ code: 'itemNotFound', status }, request)
    expect([achieved(404), achieved(403)]).toEqual([true, false])
  })

  it.each([
    ['/v3/p/volumes/a', { volume: { id: 'a', status: 'deleting' } }],
    ['/v2.1/servers/a', { server: { id: 'a', status: 'ACTIVE', 'OS-EXT-STS:task_state': 'soft-deleting' } }],
    ['/v2/images/a', { id: 'a', status: 'pending_delete' }],
    ['/v2.0/lbaas/loadbalancers/a', { loadbalancer: { id: 'a', provisioning_status: 'PENDING_DELETE' } }],
  ])('on its way out: DELETE %s %j', (path, body) => {
    expect(find(`DELETE ${path}`, undefined, body)).toBe('a')
  })

  it('not as done where something was to be changed', () => {
    const request = requestOf('POST /v2.1/servers/a/action', { 'os-stop': null })
    expect(openstackWork.isAchieved?.({ code: 'itemNotFound', status: 404 }, request)).toBe(false)
  })

  it.each([
    ['POST /v2.1/servers/a/action', { reboot: { type: 'HARD' } }],
    ['POST /v2.1/servers/a/action', { resize: { flavorRef: '3' } }],
    ['POST /v3/p/volumes', { volume: { size: 1 } }],
    ['POST /v3/p/backups/b/restore', { restore: {} }],
    ['POST /v2/images/a/import', { method: {} }],
    ['POST /v2.0/ports', { port: { name: 'n' } }],
  ])('not where somebody else’s would be no better, or nothing tells it: %s %j', (line, given) => {
    expect(pathFor(line, given)).toBeUndefined()
  })
})
