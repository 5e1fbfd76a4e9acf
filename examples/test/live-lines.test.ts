import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Screen } from '../demo/screen.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))

/** A screen whose stream is a terminal, or none, and what was written to it since the last look. */
function screenOf(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 })
  stream.setEncoding('utf8')
  return { screen: new Screen(stream), written: () => String(stream.read() ?? '') }
}

const control = '\u001B['

describe('the live line of each task', () => {
  it('changes in place on a terminal, and what stays is written above', () => {
    const { screen, written } = screenOf(true)
    const live = screen.live()
    live.show('a', 'clone a 10 %', false)
    live.show('b', 'clone b 0 %', false)
    written()
    live.show('a', 'clone a 20 %', false)
    const changed = written()
    expect(changed).toContain(control)
    expect(changed).toContain('20 %')
    expect(changed).not.toContain('10 %')
    screen.print('logged in')
    const above = written()
    expect(above.indexOf('logged in')).toBeGreaterThanOrEqual(0)
    expect(above.indexOf('logged in')).toBeLessThan(above.indexOf('clone a 20 %'))
    live.done()
    screen.print('All promises kept.')
    expect(written()).toMatch(/All promises kept\.\n$/)
  })

  it('is plain in a pipe: one each second at most, and the last one always', () => {
    const { screen, written } = screenOf(false)
    const live = screen.live()
    live.show('a', 'clone a 10 %', false)
    live.show('b', 'clone b 10 %', false)
    vi.advanceTimersByTime(999)
    live.show('a', 'clone a 20 %', false)
    live.show('b', 'clone b 100 %', true)
    screen.print('logged in')
    vi.advanceTimersByTime(1)
    live.show('a', 'clone a 30 %', false)
    live.done()
    expect(written()).toBe('clone a 10 %\nclone b 10 %\nclone b 100 %\nlogged in\nclone a 30 %\n')
  })
})
