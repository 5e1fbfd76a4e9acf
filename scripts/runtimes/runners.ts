import { type ChildProcess, spawn } from 'node:child_process'
import { globSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { run } from '../tarballs/project.ts'
import { importFrom } from './bundles.ts'
import type { Played } from './project/stories.ts'

/** Plays the stories of a project in one runtime, against the server at an origin. */
export type Runner = (folder: string, origin: string) => Promise<readonly Played[]>

/** One that has a command line: its words, of which the first may be a path in the project. */
const byCommand =
  (...words: readonly [string, ...string[]]): Runner =>
  async (folder, origin) => {
    const [first, ...args] = words
    const [file = first] = first.includes('/') ? globSync(`node_modules/${first}`, { cwd: folder }) : [first]
    const { failed, text } = await run(file.includes('/') ? join(folder, file) : file, [...args, 'cli.ts', origin], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning', NO_COLOR: '1' },
    })
    if (failed) throw new Error(text)
    return JSON.parse(text.trim().split('\n').at(-1) ?? '') as readonly Played[]
  }

/** The part of playwright-core that is needed. */
interface Playwright {
  readonly chromium: {
    launch(options: object): Promise<{
      newPage(): Promise<{
        on(event: 'pageerror', listener: (error: Error) => void): void
        goto(url: string): Promise<unknown>
        evaluate<T>(expression: string): Promise<T>
      }>
      close(): Promise<void>
    }>
  }
}

const CHROMIUM = '/usr/bin/chromium'
const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const inChromium =
  (path: string): Runner =>
  async (folder, origin) => {
    const { chromium } = (await importFrom(folder, 'playwright-core/index.mjs')) as Playwright
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: chromiumArguments })
    try {
      const page = await browser.newPage()
      const errors: Error[] = []
      page.on('pageerror', (error) => errors.push(error))
      await page.goto(`${origin}/${path}`)
      const played = await page.evaluate<readonly Played[] | null>('globalThis.played ?? null')
      if (played === null) throw new Error(`The bundle does not run: ${errors.map(String).join('; ')}`)
      return played
    } finally {
      await browser.close()
    }
  }

const inWorkerd: Runner = async (folder, origin) => {
  const port = await freePort()
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = (allow = ["private", "public"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "workerd.js", esModule = embed "bundles/workerd/workerd.js")],
  compatibilityDate = "2026-01-01",
);
`
  writeFileSync(join(folder, 'config.capnp'), config)
  const [file = ''] = globSync('node_modules/@cloudflare/workerd-*/bin/workerd', { cwd: folder })
  const child = spawn(join(folder, file), ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  try {
    await listening(child)
    const reply = await fetch(`http://127.0.0.1:${port}/?origin=${encodeURIComponent(origin)}`)
    const text = await reply.text()
    if (!reply.ok) throw new Error(text)
    return JSON.parse(text) as readonly Played[]
  } finally {
    child.kill('SIGKILL')
  }
}

/** Resolves when workerd says on its control pipe that it listens. */
const listening = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.stdio[3]?.on('data', (said: Buffer) => {
      if (String(said).includes('"listen"')) resolve()
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`workerd has ended with ${code}.`)))
  })

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

const node = (major: number): Runner => byCommand('npx', '-y', '-p', `node@${major}`, 'node')

/** Every runtime that is tested, by its name in docs/runtimes.md. */
export const runners: Readonly<Record<string, Runner>> = {
  'Node.js 22': node(22),
  'Node.js 24': node(24),
  'Node.js 26': node(26),
  'Deno 2.9': byCommand('@deno/*/deno', 'run', '--allow-all', '--node-modules-dir=manual'),
  'Bun 1.4': byCommand('@oven/bun-*/bin/bun', 'run'),
  'workerd, esbuild': inWorkerd,
  'Chromium, esbuild': inChromium('esbuild/page'),
  'Chromium worker, esbuild': inChromium('esbuild/worker'),
  'Chromium, Vite': inChromium('vite/page'),
  'Chromium worker, Vite': inChromium('vite/worker'),
}
