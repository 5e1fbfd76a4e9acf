import { expect, it, vi } from 'vitest'
import { waitInLine } from '../src/admit/turn.ts'
import { Waiting } from '../src/work/running/waiting.ts'

const waiter = { priority: 'normal', deadlineAt: 1_000, hasFailed: false, retries: 0, owesToken: false } as const

/** Calls that wait in a line, all with one signal. */
function crowd(signal: AbortSignal, size: number) {
  const line: { settle(turn: { readonly type: 'moved' }): void }[] = []
  const join = (waiting: (typeof line)[number]) => line.push(waiting)
  const turns = Array.from({ length: size }, () => waitInLine(waiter, [signal], { join, leave: () => {} }))
  return { line, turns: Promise.all(turns) }
}

it('one listener on a signal is enough for all who wait, and none is left', async () => {
  const { signal } = new AbortController()
  const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
  const { line, turns } = crowd(signal, 100)
  expect(added).toHaveBeenCalledTimes(1)
  for (const waiting of line.slice(1)) waiting.settle({ type: 'moved' })
  expect(removed).not.toHaveBeenCalled()
  line[0]?.settle({ type: 'moved' })
  await turns
  expect(removed).toHaveBeenCalledTimes(1)
  expect(removed.mock.calls[0]).toEqual(added.mock.calls[0]?.slice(0, 2))
})

it('all who wait hear of an abort, and those who come later of the next', async () => {
  const [first, second] = [new AbortController(), new AbortController()]
  for (const controller of [first, second]) {
    const { turns } = crowd(controller.signal, 3)
    controller.abort()
    expect(await turns).toEqual([{ type: 'aborted' }, { type: 'aborted' }, { type: 'aborted' }])
  }
})

it('whoever begins to wait when all is over is told once, and later, or not at all', async () => {
  const engine = { closing: AbortSignal.abort(), signals: [], vendor: undefined } as never
  const ends = [vi.fn(), vi.fn()]
  const [, given] = ends.map((end) => new Waiting(engine, { signal: AbortSignal.abort('enough') }, end, () => ''))
  expect(ends[0]).not.toHaveBeenCalled()
  given?.release()
  await Promise.resolve()
  expect(ends.map(({ mock }) => mock.calls.length)).toEqual([1, 0])
})
