import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { defineConfig, type UserConfig } from 'tsdown'
import { packCatalogues } from './scripts/build/pack-catalogues.ts'

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly imports?: Readonly<Record<string, object>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Packages that stand on Node.js as a whole. */
const NEEDING_NODE = ['@holdfast/testing', '@holdfast/undici', '@holdfast/cli']

/** True where an entry listens on a port, reads files or makes tokens. */
const needsNode = (name: string, exports: Manifest['exports']) =>
  NEEDING_NODE.includes(name) || './node' in exports || './simulator' in exports

/** One package, built from what its manifest says: its exports and commands are its entry points, its dependencies all it may import. */
function common(path: string) {
  const { name, exports, bin, imports, dependencies, peerDependencies } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as Manifest
  return {
    name,
    cwd: dirname(path),
    entry: Object.fromEntries(
      Object.values({ ...exports, ...bin }).map((source) => [source.replace(/^\.\/src\/|\.ts$/g, ''), source]),
    ),
    tsconfig: '../../tsconfig.json',
    // Core and vendors run wherever fetch does, and `pnpm layers` proves it; some entries beside theirs need Node.js.
    platform: needsNode(name, exports) ? 'node' : 'neutral',
    target: 'es2024',
    fixedExtension: true,
    hash: false,
    deps: { neverBundle: true, onlyImport: Object.keys({ ...imports, ...dependencies, ...peerDependencies }) },
    failOnWarn: true,
    suppressWarnings: /^TypeScript 7.0 does not yet have a stable API/,
  } satisfies UserConfig
}

/** Every package, with more settings. */
export const packagesWith = (settings: () => UserConfig): UserConfig[] =>
  globSync('packages/*/package.json').map((path) => ({ ...common(path), ...settings() }))

// A file for each module: bundlers leave out those that are not used, but never parts of one.
export default defineConfig(
  packagesWith(() => ({ unbundle: true, dts: false, plugins: [packCatalogues({ writesTexts: true })] })),
)
