import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { defineConfig } from 'tsdown'

interface Manifest {
  name: string
  exports: Record<string, string>
  publishConfig: { exports: Record<string, string> }
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

/** True where an entry listens on a port, reads files or makes tokens. */
const needsNode = (name: string, exports: Manifest['exports']) =>
  name === '@holdfast/testing' || './node' in exports || './simulator' in exports

/** One package, built from what its manifest says: its exports are its entry points, its dependencies all it may import. */
function build(path: string) {
  const { name, exports, publishConfig, dependencies, peerDependencies } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as Manifest
  const builtAs = (subpath: string) => publishConfig.exports[subpath]?.replace(/^\.\/dist\/|\.mjs$/g, '') ?? subpath
  return {
    name,
    cwd: dirname(path),
    entry: Object.fromEntries(Object.entries(exports).map(([subpath, source]) => [builtAs(subpath), source])),
    tsconfig: '../../tsconfig.json',
    // Core and vendors run wherever fetch does, and `pnpm layers` proves it; some entries beside theirs need Node.js.
    platform: needsNode(name, exports) ? 'node' : 'neutral',
    target: 'es2024',
    fixedExtension: true,
    hash: false,
    dts: true,
    deps: { neverBundle: true, onlyImport: Object.keys({ ...dependencies, ...peerDependencies }) },
    // Both look into the packed tarball, so at `publishConfig.exports`.
    publint: { level: 'suggestion', strict: true },
    attw: { profile: 'esm-only', level: 'error' },
    failOnWarn: true,
    suppressWarnings: /^TypeScript 7.0 does not yet have a stable API/,
  } as const
}

export default defineConfig(globSync('packages/*/package.json').map(build))
