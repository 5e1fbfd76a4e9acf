import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Figure, Part } from './figure.ts'

/** Takes the figures of a part in a process of its own. */
export async function measure({ name, flags }: Part, rounds: number): Promise<readonly Figure[]> {
  const execArgv = ['--conditions=development', ...flags]
  const child = fork(new URL('./part-process.ts', import.meta.url), [name, String(rounds)], { execArgv })
  const ended = once(child, 'exit')
  let figures: readonly Figure[] | undefined
  child.once('message', (message) => {
    figures = message as readonly Figure[]
  })
  const [code] = await ended
  if (figures === undefined) throw new Error(`${name} ended with code ${code} and no figures.`)
  return figures
}
