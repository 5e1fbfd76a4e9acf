import { inspect } from 'node:util'
import { parentPort } from 'node:worker_threads'
import { bombs } from './bombs.ts'
import { targets } from './targets/all.ts'

/** The orders: the target, and the characters of each hostile text. */
export interface BombOrder {
  readonly name: string
  readonly size: number
}

parentPort?.on('message', ({ name, size }: BombOrder) => {
  void bombed(name, size).then((failures) => parentPort?.postMessage({ failures }))
})

async function bombed(name: string, size: number): Promise<readonly string[]> {
  const target = targets.find((one) => one.name === name)
  if (target === undefined) throw new Error(`There is no target ${name}.`)
  const failures: string[] = []
  for (const [what, bomb] of Object.entries(bombs)) {
    const hostile = bomb(size)
    for (const text of target.around?.(hostile) ?? [hostile]) {
      parentPort?.postMessage({ at: what })
      try {
        await target.run(Buffer.from(text))
      } catch (error) {
        failures.push(`${what}: ${inspect(error, { maxStringLength: 200 })}`)
      }
    }
  }
  return failures
}
