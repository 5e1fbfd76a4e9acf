import { type Cell, type CellResult, type Flaw, flaws, interruptions, runCell } from './cell.ts'
import { kinds } from './clients.ts'
import { faults } from './fault.ts'
import { closedAddress, type FaultyServer, startServer } from './server.ts'

/** One result of the whole matrix. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal: string
  readonly holds: boolean
}

/** Cells that run at the same time. */
const AT_ONCE = 32

/** Every cell of the matrix. */
export function allCells(): Cell[] {
  return kinds.flatMap((kind) =>
    kind.requests.flatMap((request) =>
      faults.flatMap((fault) =>
        interruptions.flatMap((interruption) =>
          // An interrupted call is not sent again.
          (interruption === 'nothing' ? [1, Number.POSITIVE_INFINITY] : [1]).map((times) => ({
            kind,
            request,
            fault,
            times,
            interruption,
          })),
        ),
      ),
    ),
  )
}

/** Every so manieth cell, so that a few stand for all: each kind, request, fault and interruption comes up. */
export const sampled = (cells: readonly Cell[], number: number): Cell[] => {
  // The golden ratio of the whole visits it evenly and never in step with its dimensions.
  const stride = Math.round(cells.length * 0.6180339887) | 1
  return Array.from({ length: Math.min(number, cells.length) }, (_, at) => cells[(at * stride) % cells.length]).filter(
    (cell) => cell !== undefined,
  )
}

/** Runs cells and says what must hold of all of them, and what came of each. */
export async function runMatrix(
  cells: readonly Cell[],
): Promise<{ readonly rows: readonly Row[]; readonly results: readonly CellResult[] }> {
  const before = timersNow()
  const servers = new Map<string, FaultyServer>()
  for (const { name, internal, fine } of kinds) servers.set(name, await startServer(internal, fine))
  const closedUrl = await closedAddress()
  const left = [...cells]
  const results: CellResult[] = []
  const work = async () => {
    for (let cell = left.shift(); cell !== undefined; cell = left.shift()) {
      const server = servers.get(cell.kind.name)
      if (server !== undefined) results.push(await runCell(cell, server, closedUrl))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  for (const server of servers.values()) await server[Symbol.asyncDispose]()
  return { rows: rowsOf(results, timersNow() - before), results }
}

/** Timers that keep the process alive. */
const timersNow = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

function rowsOf(results: readonly CellResult[], timers: number): Row[] {
  const none = (name: string, value: number, unit: string): Row => ({ name, value, unit, goal: '0', holds: value <= 0 })
  const cells = results.length
  const failed = results.filter(({ end }) => end !== 'returned').length
  return [
    { name: 'cells', value: cells, unit: 'cells', goal: '> 0', holds: cells > 0 },
    { name: 'cells that failed', value: failed, unit: 'cells', goal: '> 0', holds: failed > 0 },
    ...Object.entries(flaws).map(([flaw, name]) =>
      none(name, results.filter((result) => result.flaws.includes(flaw as Flaw)).length, 'cells'),
    ),
    none('timers left', timers, 'timers'),
  ]
}
