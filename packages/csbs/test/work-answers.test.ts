import type { WorkName } from '@holdfast/core/plugin'
import { describe, expect, it, vi } from 'vitest'
import { backupDeleted, csbsWork } from '../src/work/index.ts'
import { providers, url, v1 } from './simulator.ts'

const requestOf = (method: string, path: string) => ({
  method,
  url: '',
  origin: url,
  path,
  query: '',
  bodyText: undefined,
})
const replyOf = (body: unknown, date = '') => ({
  status: 200,
  text: JSON.stringify(body),
  headers: new Headers({ date }),
  complete: true,
  request: requestOf('GET', `${v1}/checkpoint_items`),
})

describe('an answer', () => {
  const since = Date.parse('Fri, 02 Jan 2026 03:00:00 GMT')
  const workOf = (aim: string, more = {}) => ({
    id: 'c',
    facts: { aim, base: v1, record: 'c', since: String(since), ...more },
  })
  const read = (aim: string, items: object[], date = 'Fri, 02 Jan 2026 03:00:10 GMT') =>
    csbsWork.read(replyOf({ checkpoint_items: items }, date), [workOf(aim)])?.get('c')
  const item = (status: string, updated_at: string, extend_info = {}) => ({
    id: 'i',
    checkpoint_id: 'c',
    status,
    updated_at,
    extend_info,
  })

  it('that does not show a new backup yet says nothing of its loss', () => {
    expect(read('created', [])).toEqual({ status: 'pending' })
    expect(read('created', [], 'Fri, 02 Jan 2026 03:10:00 GMT')).toBeUndefined()
    expect(read('deleted', [])).toEqual({ status: 'succeeded' })
  })

  it('without a date is measured by our own clock, as its start was', () => {
    vi.useFakeTimers({ now: since + 10_000 })
    const restore = { checkpoint_id: 'c', parameters: { checkpoint_item_id: 'i' } }
    const restored = csbsWork.begun({
      ...replyOf({ restore: { id: 'r', status: 'running' } }),
      request: { ...requestOf('POST', `${v1}/restores`), bodyText: JSON.stringify({ restore }) },
    })
    const old = { checkpoint_items: [item('available', '2026-01-02T02:00:00.000000')] }
    for (const work of [workOf('restored'), restored as WorkName])
      expect(csbsWork.read(replyOf(old), [work])?.get(work.id)).toEqual({ status: 'pending' })
    expect(read('created', [], '')).toEqual({ status: 'pending' })
    vi.setSystemTime(since + 600_000)
    expect(read('created', [], '')).toBeUndefined()
  })

  it('of the gateway, or without a code, tells nothing of a deletion', () => {
    const work = { id: 'i', facts: { aim: 'deleted', base: v1, record: 'c', item: 'i' } }
    const seen = (code: string) => ({ code, status: 404, body: undefined, reply: undefined, fault: undefined })
    for (const [code, state] of [
      ['CSBS.3001', 'succeeded'],
      ['APIG.0101', undefined],
      ['HTTP_404', undefined],
    ] as const) {
      expect(csbsWork.readRefusal?.({ code, status: 404 }, work)?.status).toBe(state)
      expect(backupDeleted('i', 'p').holds(seen(code))).toBe(state !== undefined)
    }
  })

  it('from before the work is no end of it', () => {
    expect(read('restored', [item('available', '2026-01-02T02:00:00.000000')])).toEqual({ status: 'pending' })
    expect(read('restored', [item('available', '2026-01-02T03:00:05.000000')])).toMatchObject({ status: 'succeeded' })
    expect(read('deleted', [item('error', '2026-01-02T02:00:00.000000', { fail_op: 'backup' })])).toEqual({
      status: 'pending',
    })
  })

  it('whose failure stood there while the restoration ran is the end of another one', () => {
    const old = { fail_op: 'restore', fail_reason: 'the disk is full' }
    const restored = (work: WorkName, status: string, extend_info: object) =>
      csbsWork
        .read(
          replyOf(
            { checkpoint_items: [item(status, '2026-01-02T03:00:05.000000', extend_info)] },
            'Fri, 02 Jan 2026 03:00:10 GMT',
          ),
          [work],
        )
        ?.get('c')
    const running = restored(workOf('restored'), 'restoring', old)
    expect(running).toMatchObject({ status: 'running', next: { id: 'c', facts: { aim: 'restored' } } })
    const work = running !== undefined && 'next' in running && running.next
    if (!work) expect.fail('It has no name to be asked after by.')
    // The same words again may be the old ones, or those of a second failure: nobody knows.
    expect(restored(work, 'available', old)).toMatchObject({ status: 'lost', fault: { code: 'RESTORE_FAILED' } })
    expect(restored(work, 'available', { ...old, fail_reason: 'the server is gone' })?.status).toBe('failed')
    expect(restored(work, 'available', { fail_op: '' })?.status).toBe('succeeded')
    // Once told, it is not told again.
    expect(restored(work, 'restoring', old)).not.toHaveProperty('next')
    expect(restored(workOf('restored'), 'restoring', {})).not.toHaveProperty('next')
  })

  const now = '2026-01-02T03:00:05.000000'
  it.each([
    ['created', 'delete', 'lost'],
    ['created', 'restore', 'lost'],
    ['created', 'backup', 'failed'],
    ['created', '', 'failed'],
    ['restored', 'delete', 'lost'],
    ['restored', 'restore', 'failed'],
    ['deleted', 'backup', 'pending'],
    ['deleted', 'restore', 'pending'],
    ['deleted', 'delete', 'failed'],
    ['deleted', '', 'failed'],
    ['deleted', 'nobody knows', 'failed'],
  ])('that tells of the failure of other work is no end of what is to be %s: %s', (aim, fail_op, status) => {
    expect(read(aim, [item('error', now, { fail_op })])?.status).toBe(status)
  })

  it('that lists some of the backups of a policy alone is no end of its run', () => {
    const run = (checkpoint: object, body = {}) =>
      csbsWork.begun({
        ...replyOf({ checkpoint: { id: 'c', ...checkpoint } }, 'Fri, 02 Jan 2026 03:00:00 GMT'),
        request: { ...requestOf('POST', `${providers}/checkpoints`), bodyText: JSON.stringify({ checkpoint: body }) },
      })
    const statusWith = (work: ReturnType<typeof run>, items: object[], date = 'Fri, 02 Jan 2026 03:00:10 GMT') =>
      work === undefined || 'fault' in work
        ? undefined
        : csbsWork.read(replyOf({ checkpoint_items: items }, date), [work])?.get('c')?.status
    const [one, other] = [item('available', now), { ...item('available', now), id: 'j' }]
    const plan = { protection_plan: { id: 'p', resources: [{ id: 's-1' }, { id: 's-2' }] } }
    expect(statusWith(run(plan), [one])).toBe('running')
    expect(statusWith(run(plan), [one, other])).toBe('succeeded')
    expect(statusWith(run(plan), [one], 'Fri, 02 Jan 2026 03:10:00 GMT')).toBe('succeeded')
    expect(statusWith(run(plan, { parameters: { resources: ['s-1'] } }), [one])).toBe('succeeded')
    expect(statusWith(run({}), [one])).toBe('succeeded')
  })

  it.each([
    ['POST', `${providers}/resources/server-1/action`, '<html>'],
    ['POST', `${providers}/checkpoints`, '{"checkpoint":{}}'],
    ['POST', `${v1}/restores`, '{}'],
  ])('that names nothing may have begun something: %s %s %j', (method, path, text) => {
    const reply = { ...replyOf({}), text, request: requestOf(method, path) }
    expect(csbsWork.begun(reply)).toMatchObject({ fault: { code: 'WORK_LOST' } })
  })

  it.each([
    ['POST', `${providers}/resources/action`],
    ['POST', `${v1}/policies`],
    ['POST', `${v1}/csbs_backup/b/tags`],
    ['GET', `${v1}/checkpoint_items/b`],
  ])('to anything else has begun nothing: %s %s', (method, path) => {
    expect(csbsWork.begun({ ...replyOf({}), request: requestOf(method, path) })).toBeUndefined()
  })

  it('that is no list is none', () => {
    expect(csbsWork.read(replyOf([], ''), [workOf('created')])).toBeUndefined()
    expect(csbsWork.read(replyOf({ checkpoint_items: 7 }, ''), [workOf('created')])).toBeUndefined()
  })

  it('about a deletion of some backups of a record tells of the end of those', () => {
    const request = { ...requestOf('DELETE', `${providers}/checkpoints/c`), query: '?checkpoint_items=a,b' }
    const work = csbsWork.begun({ ...replyOf({}), request })
    if (work === undefined || 'fault' in work) return expect.fail('It has begun nothing.')
    const reportWith = (...items: object[]) => csbsWork.read(replyOf({ checkpoint_items: items }), [work])?.get(work.id)
    const item = (id: string, status: string) => ({ id, checkpoint_id: 'c', status })
    expect(reportWith(item('a', 'deleting'), item('b', 'waiting_delete'), item('z', 'available'))?.status).toBe(
      'running',
    )
    expect(reportWith(item('b', 'deleting'), item('z', 'available'))?.status).toBe('running')
    expect(reportWith(item('z', 'available'))).toEqual({ status: 'succeeded' })
  })
})

it.each(['https://cloud.example/v1/p/checkpoint_items/i', 'v1/p/checkpoint_items/i'])(
  'what is no path names no backup: %s',
  (given) => {
    expect(() => csbsWork.nameOf?.(given)).toThrow('must be the path')
  },
)
