import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../proxies.sh', import.meta.url))

/** A proxy in front of the back end. Its path prefixes and their faults are in its configuration file. */
export interface Front {
  readonly origin: string
  /** Begins or ends the maintenance of the services behind `/window/`, `/api/` and `/rest/`. */
  maintain(on: boolean): Promise<void>
}

/** Both proxies, for as long as this is not disposed of. They end with this process, however it ends. */
export interface Proxies extends AsyncDisposable {
  readonly nginx: Front
  readonly haproxy: Front
}

/** Why the proxies cannot be started here and what to do about it, or `undefined` if they can. */
export function whyAbsent(): string | undefined {
  const { status, stderr, error } = spawnSync('bash', [script, 'status'], { encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? stderr.trim())
}

/**
 * Starts both in front of two local servers, and waits until they answer.
 *
 * @throws {Error} with the proxies' own words, if one does not start.
 */
export async function startProxies(backendPort: number, vcenterPort: number): Promise<Proxies> {
  const child = spawn('bash', [script, 'run', `${backendPort}`, `${vcenterPort}`], { stdio: ['pipe', 'pipe', 'pipe'] })
  const exit = once(child, 'exit')
  const complaints = child.stderr.setEncoding('utf8').toArray()
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), exit.then(() => [undefined])])
  if (line === undefined) throw new Error((await complaints).join(''))
  const at: { nginx: number; haproxy: number; admin: number; run: string } = JSON.parse(line)
  return {
    nginx: { origin: `http://127.0.0.1:${at.nginx}`, maintain: (on) => maintainNginx(at.run, on) },
    haproxy: { origin: `http://127.0.0.1:${at.haproxy}`, maintain: (on) => maintainHaproxy(at.admin, on) },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await exit
    },
  }
}

async function maintainNginx(run: string, on: boolean) {
  const flag = `${run}/maintenance`
  await (on ? writeFile(flag, '') : rm(flag, { force: true }))
}

async function maintainHaproxy(admin: number, on: boolean) {
  const word = on ? 'disable' : 'enable'
  const socket = connect(admin, '127.0.0.1')
  socket.end(`${word} server window/s1; ${word} server vcenter/s1\n`)
  const answer = (await socket.setEncoding('utf8').toArray()).join('').trim()
  if (answer !== '') throw new Error(`HAProxy: ${answer}`)
}
