import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchFrom } from '@holdfast/testing'
import { expect, it, vi } from 'vitest'
import { after, minute, ref, WorkingPool } from './working-pool.ts'

const at = new WorkingPool()

const clones = () => at.pool.executed.filter(({ action }) => action === 'VM.clone').length

it('two tasks end with their master, whose session has ended as well, and the next goes on at the new one', async () => {
  const xen = at.client()
  const begun = [xen.start('VM.clean_shutdown', ref('vm-1')), xen.start('VM.clone', ref('vm-2'), 'web-2')]
  const works = await after(0, Promise.all(begun))
  setTimeout(() => {
    at.pool.expireSessions()
    at.pool.kill('master')
    at.pool.promote('member')
  }, 20_000)
  const ends = await after(6 * minute, Promise.allSettled(works.map(({ result }) => result)))
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(works.map(({ state }) => state.status)).toEqual(['lost', 'lost'])
  const next = await after(5_000, xen.start<string>('VM.clone', ref('vm-2'), 'web-3'))
  expect(await after(2 * minute, next.result)).toSatisfy(at.hasMachine)
  await after(10_000, xen.close())
  expect(vi.getTimerCount()).toBe(0)
})

it('a task is not asked after for ever where the new master is a host that nobody has listed', async () => {
  const xen = at.client({ members: [] })
  const work = await after(0, xen.start('VM.clone', ref('vm-2'), 'web-2'))
  setTimeout(() => at.pool.promote('member'), 5_000)
  work.result.catch(() => {})
  await vi.advanceTimersByTimeAsync(2 * minute)
  expect(work.state).toMatchObject({ status: 'lost', error: { code: 'HOST_IS_SLAVE', mayBeDone: true } })
  await after(10_000, xen.close())
})

it('a task of three hours is followed to its end, by some three questions a minute', async () => {
  at.start({ taskTime: 180 * minute })
  const work = await after(0, at.client().start<string>('VM.clone', ref('vm-2'), 'web-2'))
  expect(await after(185 * minute, work.result)).toSatisfy(at.hasMachine)
  expect(at.pool.calls.length).toBeLessThan(3.5 * 180)
})

it('a task whose process was killed before it asked after it goes on from a file', async () => {
  let isKilled = false
  const alive = fetchFrom(at.pool.handlers)
  const fetch: typeof alive = (...given) => (isKilled ? new Promise(() => {}) : alive(...given))
  const first = await after(0, at.client({ fetch }).start('VM.clone', ref('vm-2'), 'web-2'))
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-work-'))
  try {
    await writeFile(join(folder, 'work.json'), JSON.stringify(first))
    isKilled = true
    const { length } = at.pool.calls
    await vi.advanceTimersByTimeAsync(30_000)
    expect(at.pool.calls).toHaveLength(length)
    const stored = await readFile(join(folder, 'work.json'), 'utf8')
    expect(await after(2 * minute, at.client().work<string>(stored).result)).toSatisfy(at.hasMachine)
    expect(clones()).toBe(1)
  } finally {
    await rm(folder, { recursive: true })
  }
})

it.each([58_000, 59_500, 59_990, 60_000, 60_010, 61_000])(
  'a task that is cancelled after %i of its 60,000 ms tells whether it was done',
  async (ms) => {
    const xen = at.client()
    const work = await after(0, xen.start<string>('VM.clone', ref('vm-2'), 'web-2'))
    void work.result.catch(() => {})
    await vi.advanceTimersByTimeAsync(ms)
    const { status } = await after(2 * minute, work.cancel())
    expect(status).toBe(clones() === 1 ? 'succeeded' : 'cancelled')
    await after(10_000, xen.close())
    expect(vi.getTimerCount()).toBe(0)
  },
)
