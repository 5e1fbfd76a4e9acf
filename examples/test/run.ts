import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/** What a program came to. */
export interface Ran {
  readonly exitCode: number | null
  readonly out: string
  readonly err: string
}

/** A program under way. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ran>
}

/** Variables that would change what the examples do; `undefined` removes one. */
export const neutral: Readonly<Record<string, string | undefined>> = {
  VSPHERE_URL: undefined,
  VSPHERE_USERNAME: undefined,
  VSPHERE_PASSWORD: undefined,
  XENAPI_URL: undefined,
  XENAPI_USERNAME: undefined,
  XENAPI_PASSWORD: undefined,
  ...Object.fromEntries(
    Object.keys(process.env).flatMap((name) => (name.startsWith('OS_') ? [[name, undefined]] : [])),
  ),
  CSBS_URL: undefined,
  VBS_URL: undefined,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
}

/** Where the compiled sources of all packages are kept: to strip and compile them is a third of what a short example does. */
const compiled = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/examples') }

/** Starts an example as its reader would: with Node, its output in a pipe. */
export function start(file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', file), ...args], {
    env: { ...process.env, ...compiled, ...neutral, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, out, err }))
  })
  return { child, ended }
}

/** Runs an example to its end. */
export const run = (file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ran> =>
  start(file, args, env).ended
