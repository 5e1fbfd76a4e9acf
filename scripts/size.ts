/**
 * The size of our own code in a bundle, minified by esbuild and packed by gzip, without what it depends on. Build first.
 *
 *   node scripts/size.ts           prints a table
 *   node scripts/size.ts --json    prints `[{ name, value, unit, goal, holds }, …]`
 *   node scripts/size.ts --check   also fails where a goal that was reached is lost
 */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { publicPackages, root } from './tarballs/packages.ts'

/** What somebody may import, with its goal in kB of 1000 bytes. */
const CASES = [
  { name: 'resilient', goal: 16, isReached: false, code: "export { resilient } from '@holdfast/core'" },
  {
    name: 'core + vSphere',
    goal: 22,
    isReached: false,
    code: "export { resilient } from '@holdfast/core'\nexport { vsphere } from '@holdfast/vsphere'",
  },
  {
    name: 'core + XenAPI',
    goal: 45,
    isReached: false,
    code: "export { resilient } from '@holdfast/core'\nexport { xenapi } from '@holdfast/xenapi'",
  },
  {
    name: 'guards',
    goal: 1,
    isReached: true,
    code: "export { isAuth, isConflict, isErrorOf, isFatal, isRetryable, isVendorError } from '@holdfast/core'",
  },
  { name: 'keystone', goal: 4, isReached: true, code: "export { keystone } from '@holdfast/keystone'" },
] as const

const entries = new Map(
  publicPackages().flatMap((each) => each.entries.map(({ specifier, code }) => [specifier, code])),
)

/** Our packages as they are built; all others stay outside. */
const ours: Plugin = {
  name: 'ours',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined
      const code = entries.get(path)
      return code === undefined ? { path, external: true } : { path: join(root, code), sideEffects: false }
    })
  },
}

async function sizeOf(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    write: false,
    logLevel: 'error',
    plugins: [ours],
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

const sizes = await Promise.all(
  CASES.map(async ({ name, goal, isReached, code }) => {
    const value = Math.round((await sizeOf(code)) / 100) / 10
    return { name, value, unit: 'kB', goal, holds: value <= goal, isLost: isReached && value > goal }
  }),
)
if (process.argv.includes('--json'))
  console.log(
    JSON.stringify(
      sizes.map(({ isLost, ...size }) => size),
      undefined,
      2,
    ),
  )
else
  for (const { name, value, goal, holds } of sizes)
    console.log(`${name}: ${value} kB, goal ${goal}${holds ? '' : ', missed'}`)
if (process.argv.includes('--check')) {
  const lost = sizes.filter(({ isLost }) => isLost)
  for (const { name, value, goal } of lost) console.error(`${name} has grown to ${value} kB, and may have ${goal}.`)
  if (lost.length > 0) process.exitCode = 1
}
