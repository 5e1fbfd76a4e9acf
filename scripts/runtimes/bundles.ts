import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { run } from '../tarballs/project.ts'

const must = async (folder: string, file: string, args: readonly string[]): Promise<void> => {
  const { failed, text } = await run(file, args, { cwd: folder })
  if (failed) throw new Error(`${file} ${args.join(' ')} failed:\n${text}`)
}

/** Bundles the entries for browsers and for workerd, as their users do; the folder of the bundles. */
export async function bundle(folder: string): Promise<string> {
  const [esbuild = ''] = globSync('node_modules/@esbuild/*/bin/esbuild', { cwd: folder })
  const common = ['--bundle', '--format=esm', '--minify', '--log-level=warning']
  const into = (name: string) => `--outdir=bundles/${name}`
  await must(folder, join(folder, esbuild), [...common, '--platform=browser', into('esbuild'), 'page.ts', 'worker.ts'])
  await must(folder, join(folder, esbuild), [
    ...common,
    '--platform=neutral',
    '--main-fields=module,main',
    '--conditions=workerd,worker,browser',
    into('workerd'),
    'workerd.ts',
  ])
  const config = {
    logLevel: 'warn',
    build: {
      outDir: 'bundles/vite',
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: { input: ['page.ts', 'worker.ts'], output: { entryFileNames: '[name].js' } },
    },
  }
  writeFileSync(join(folder, 'vite.config.js'), `export default ${JSON.stringify(config)}\n`)
  mkdirSync(join(folder, 'bundles'), { recursive: true })
  await must(folder, process.execPath, [join(folder, 'node_modules/vite/bin/vite.js'), 'build'])
  return join(folder, 'bundles')
}

/** A module of a project that is outside of the repository. */
export const importFrom = (folder: string, path: string): Promise<unknown> =>
  import(pathToFileURL(join(folder, 'node_modules', path)).href)
