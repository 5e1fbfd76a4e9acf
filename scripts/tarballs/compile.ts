import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './project.ts'

/** The compilers, by the names under which `tools` has them. */
const compilers = ['typescript5', 'typescript6', 'typescript7']

const resolutions = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const

const DOM = ['DOM', 'DOM.Iterable', 'DOM.AsyncIterable']

/** The places that code is compiled for; a browser has no types of Node.js. */
const places = {
  node: { lib: ['ES2024'], types: ['node'] },
  'node-dom': { lib: ['ES2024', ...DOM], types: ['node'] },
  browser: { lib: ['ES2024', ...DOM], types: [] },
} as const

/** The files of a project that are to be compiled for a place. */
export type FilesOf = Readonly<Record<keyof typeof places, readonly string[]>>

/** Compiles a project in every way that users do; complaints, each with the way it was compiled. */
export async function compileAll(folder: string, files: FilesOf): Promise<readonly string[]> {
  const ways = compilers.flatMap((compiler) =>
    Object.entries(resolutions).flatMap(([resolution, modules]) =>
      Object.entries(places).map(([place, types]) => ({ compiler, resolution, modules, place, types })),
    ),
  )
  const complaints: string[] = []
  const work = ways.values()
  const worker = async () => {
    for (const { compiler, resolution, modules, place, types } of work) {
      const name = `${compiler} ${resolution} ${place}`
      const config = join(folder, `tsconfig.${name.replaceAll(' ', '-')}.json`)
      const compilerOptions = {
        ...modules,
        ...types,
        target: 'ES2024',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        declaration: true,
        emitDeclarationOnly: true,
        outDir: `out/${name.replaceAll(' ', '-')}`,
        rootDir: '.',
      }
      writeFileSync(config, JSON.stringify({ compilerOptions, files: files[place as keyof FilesOf] }))
      const [tsc] = globSync(`node_modules/${compiler}/bin/tsc`, { cwd: folder })
      const { failed, text } = await run(process.execPath, [join(folder, tsc ?? ''), '-p', config], { cwd: folder })
      const ours = failed ? oursIn(text) : []
      if (ours.length > 0) complaints.push(`${name}:\n${ours.join('\n')}`)
    }
  }
  await Promise.all([worker(), worker()])
  return complaints
}

/** Complaints about our declarations and what uses them. Those of others are for their own authors to mend. */
const oursIn = (text: string): readonly string[] =>
  text.split(/\n(?! )/).filter((line) => line.trim() !== '' && !/^node_modules\/(?!@holdfast\/)/.test(line))
