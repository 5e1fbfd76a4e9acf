import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allCells, type Row, sampled } from './faults/matrix.ts'

const SAMPLE = 400

/** In a process of its own, whose timers are its own. */
function run(...args: readonly string[]) {
  const command = ['--conditions=development', join(import.meta.dirname, 'faults.ts'), ...args]
  // Where the compiled sources are kept, for the second process and the third.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/scripts') }
  return spawnSync(process.execPath, command, { encoding: 'utf8', env })
}

describe('the fault matrix', () => {
  it('holds for a sample of its cells', () => {
    const { stdout, stderr, status } = run('--json', '--cells', '--sample', String(SAMPLE))
    expect(stderr).toBe('')
    const { rows, cells }: { rows: Row[]; cells: { flaws: string[] }[] } = JSON.parse(stdout)
    expect(cells.filter(({ flaws }) => flaws.length > 0)).toEqual([])
    expect(rows.filter(({ holds }) => !holds)).toEqual([])
    expect(rows[0]).toEqual({ name: 'cells', value: SAMPLE, unit: 'cells', goal: '> 0', holds: true })
    expect(status).toBe(0)
  })

  it('has every kind of client, request, fault and interruption in a sample', () => {
    const cells = allCells()
    const names = (of: typeof cells) => ({
      requests: new Set(of.map(({ kind, request }) => `${kind.name} ${request.name}`)).size,
      faults: new Set(of.map(({ fault }) => fault.name)).size,
      interruptions: new Set(of.map(({ interruption, times }) => `${interruption} ${times}`)).size,
    })
    expect(names(sampled(cells, SAMPLE))).toEqual(names(cells))
    expect(new Set(sampled(cells, 10_000)).size).toBe(10_000)
  })

  it('ends with 1 where a row does not hold, and with 2 for what it does not understand', () => {
    expect(run('--only', 'no such cell').status).toBe(1)
    expect(run('--sample', 'none').status).toBe(2)
  })
})
