import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './packages.ts'

const execute = promisify(execFile)

/** A program that has ended. */
export interface Ran {
  readonly failed: boolean
  /** All that it wrote. */
  readonly text: string
}

/** Runs a program to its end, with what it wrote. */
export async function run(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly timeout?: number },
): Promise<Ran> {
  const limits = { timeout: 300_000, maxBuffer: 2 ** 26, ...options }
  try {
    const { stdout, stderr } = await execute(file, args, limits)
    return { failed: false, text: stdout + stderr }
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string }
    return { failed: true, text: stdout + stderr || message }
  }
}

/** Packs every public package, and names the tarballs. @throws {Error} where a package cannot be packed. */
export async function packAll(folder: string): Promise<readonly string[]> {
  const { failed, text } = await run('pnpm', ['--filter', './packages/*', 'pack', '--pack-destination', folder], {
    cwd: root,
  })
  if (failed) throw new Error(`pnpm pack failed:\n${text}`)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(folder, name))
}

/** A new folder outside the repository, so that nothing of the repository is found from it. It goes with this process. */
export function emptyFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `holdfast-${name}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Installs packages into a folder with plain npm. @throws {Error} where npm fails. */
export async function install(folder: string, packages: readonly string[], manifest: object = {}): Promise<void> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'project', private: true, ...manifest }))
  await npm(folder, ['install', ...packages])
}

/** Installs the tools of a lockfile into a folder, and packages in addition. @throws {Error} if npm fails. */
export async function installBeside(tools: string, folder: string, packages: readonly string[]): Promise<void> {
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(tools, file), join(folder, file))
  await npm(folder, ['ci'])
  await npm(folder, ['install', ...packages])
}

/** Runs npm, and nothing that a package brings. No release younger than a week is taken. */
async function npm(folder: string, args: readonly string[]): Promise<void> {
  const weekAgo = new Date(Date.now() - 7 * 24 * 3_600_000).toISOString()
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', `--before=${weekAgo}`]
  const { failed, text } = await run('npm', [...args, ...flags], { cwd: folder })
  if (failed) throw new Error(`npm ${args[0]} failed:\n${text}`)
}
