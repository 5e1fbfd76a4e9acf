import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const scriptOf = (name: string): string => join(import.meta.dirname, `${name}.sh`)

/**
 * Declares tests that need real servers, and starts them before the tests.
 *
 * Where one of them is not installed the suite is skipped and says why; with `HOLDFAST_REQUIRE_…=1` it fails.
 *
 * @param names the servers, by the names of their scripts.
 */
export function withServers<Real extends AsyncDisposable>(
  title: string,
  names: readonly string[],
  start: () => Promise<Real>,
  tests: (real: () => Real) => void,
) {
  const name = names.find((each) => whyAbsent(each) !== undefined)
  const absent = name && whyAbsent(name)
  if (name !== undefined && process.env[`HOLDFAST_REQUIRE_${name.toUpperCase()}`] === '1') {
    return test(title, () => expect.fail(absent))
  }
  if (absent !== undefined) console.warn(`SKIPPED: ${title}\n${absent}`)
  const named = absent === undefined ? title : `${title} (${absent})`
  describe.skipIf(absent !== undefined)(named, () => {
    let real: Real | undefined
    beforeAll(async () => {
      real = await start()
    })
    afterAll(async () => real?.[Symbol.asyncDispose]())
    tests(() => real ?? expect.fail('It has not started.'))
  })
}

/** Why a server cannot be started here and what to do about it, or `undefined` if it can. */
function whyAbsent(name: string): string | undefined {
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
