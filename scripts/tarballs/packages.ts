import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The repository. */
export const root = resolve(import.meta.dirname, '../..')

/** One subpath that a package exports. */
export interface Entry {
  /** As it is imported: `@holdfast/core/ky`. */
  readonly specifier: string
  /** Paths from the repository. */
  readonly source: string
  readonly code: string
  /** The code that Node.js loads. */
  readonly node: string
  readonly types: string
  /** True for one that runs wherever `fetch` does. */
  readonly isNeutral: boolean
}

/** A package that is published. */
export interface PublicPackage {
  readonly name: string
  readonly folder: string
  readonly entries: readonly Entry[]
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, string>>
  readonly publishConfig: { readonly exports: Readonly<Record<string, Published>> }
}

/** One subpath as it is published: its declarations, few files for Node.js, and a file for each module for bundlers. */
interface Published {
  readonly types: string
  readonly node: string
  readonly default: string
}

/** Every package that is published, and what it exports. */
export const publicPackages = (): readonly PublicPackage[] =>
  globSync('packages/*/package.json', { cwd: root })
    .sort()
    .map((path) => ({ folder: dirname(path), ...(JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest) }))
    .filter((manifest) => manifest.private !== true)
    .map(({ name, folder, exports, publishConfig }) => ({
      name,
      folder,
      entries: Object.entries(publishConfig.exports).map(([subpath, published]) => ({
        specifier: join(name, subpath),
        source: join(folder, exports[subpath] ?? ''),
        code: join(folder, published.default),
        node: join(folder, published.node),
        types: join(folder, published.types),
        isNeutral: !/\/(testing|undici|cli)$/.test(name) && !/^\.\/(node|simulator)$/.test(subpath),
      })),
    }))
