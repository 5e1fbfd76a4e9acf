import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const scriptOf = (name: string): string => fileURLToPath(new URL(`../../../scripts/${name}.sh`, import.meta.url))

/** Why a server cannot be started here and what to do about it, or `undefined` if it can. */
export function whyAbsent(name: string): string | undefined {
  const { status, stderr, error } = spawnSync('bash', [scriptOf(name), 'status'], { encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? stderr.trim())
}

/**
 * Starts a server by the script of its name, and waits until it answers. It ends with this process, however that ends.
 *
 * @returns the facts that it prints, and the way to end it.
 * @throws {Error} with its own words, if it does not start.
 */
export async function started<At>(
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly at: At; end(): Promise<void> }> {
  const child = spawn('bash', [scriptOf(name), 'run'], { stdio: 'pipe', env: { ...process.env, ...env } })
  const exit = once(child, 'exit')
  const complaints = child.stderr.setEncoding('utf8').toArray()
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), exit.then(() => [undefined])])
  if (line === undefined) throw new Error((await complaints).join(''))
  return {
    at: JSON.parse(line),
    async end() {
      child.stdin.end()
      await exit
    },
  }
}
