import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { publicPackages, root } from '../tarballs/packages.ts'

/** A module that a user may write. */
export interface SizeCase {
  readonly name: string
  /** kB. */
  readonly goal?: number
  readonly code: string
  /** Conditions of imports, in addition to a browser's. */
  readonly conditions?: readonly string[]
  /** True to count dependencies, too. */
  readonly withOthers?: boolean
}

/** Its size, for readers. */
export interface Sized {
  readonly name: string
  readonly value: number
  readonly unit: 'kB'
  readonly goal?: number
  readonly holds?: boolean
}

const entries = new Map(
  publicPackages().flatMap((each) => each.entries.map(({ specifier, code }) => [specifier, code])),
)

/** Our packages as they are built; all others stay outside, or are found where core finds them. */
const ours = (withOthers: boolean): Plugin => ({
  name: 'ours',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => {
      const code = entries.get(path)
      if (kind === 'entry-point' || (withOthers && code === undefined)) return undefined
      return code === undefined ? { path, external: true } : { path: join(root, code), sideEffects: false }
    })
  },
})

/** The size of a bundle in kB of 1000 bytes, and the bytes before gzip of each folder of a package in it. */
export async function bundleSize({
  name,
  goal,
  code,
  conditions = [],
  withOthers = false,
}: SizeCase): Promise<Sized & { readonly parts: readonly (readonly [string, number])[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: join(root, 'packages/core') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    conditions: [...conditions, 'browser', 'module'],
    metafile: true,
    write: false,
    logLevel: 'error',
    plugins: [ours(withOthers)],
  })
  const value = Math.round(gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 100) / 10
  const [output] = Object.values(metafile.outputs)
  const files = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => ({
    part: partOf(path),
    bytesInOutput,
  }))
  const parts = [...Map.groupBy(files, ({ part }) => part)]
    .map(([part, all]) => [part, all.reduce((sum, { bytesInOutput }) => sum + bytesInOutput, 0)] as const)
    .sort(([, one], [, other]) => other - one)
  return { name, value, unit: 'kB', ...(goal !== undefined && { goal, holds: value <= goal }), parts }
}

/** `core/secrets` for a module of ours, and the package for any other. */
const partOf = (path: string): string =>
  /packages\/([^/]+)\/dist\//.test(path)
    ? path.replace(/^.*packages\/([^/]+)\/dist\/(?:([^/]+)\/)?.*$/, '$1/$2').replace(/\/$/, '')
    : path.replace(/^.*node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, '$1')
