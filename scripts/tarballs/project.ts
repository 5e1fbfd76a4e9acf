import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
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

/** A new folder outside the repository, so that nothing of the repository is found from it. */
export const emptyFolder = (name: string): string => mkdtempSync(join(tmpdir(), `holdfast-${name}-`))

/** Installs packages into a folder with plain npm. @throws {Error} where npm fails. */
export async function install(folder: string, packages: readonly string[], manifest: object = {}): Promise<void> {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'project', private: true, type: 'module', ...manifest }),
  )
  const { failed, text } = await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], {
    cwd: folder,
  })
  if (failed) throw new Error(`npm install failed:\n${text}`)
}
