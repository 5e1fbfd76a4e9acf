import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const folders = ['packages/*/test', 'examples', 'benchmarks', 'scripts']

/** Every file of tests, by its path from the root. */
export const testFiles = (root: string): string[] =>
  folders
    .flatMap((folder) => globSync(`${folder}/**/*.test.ts`, { cwd: root }))
    .filter((file) => !file.includes('node_modules'))

/** Signs of changes that outlive a file of tests, for those after it in the same worker. */
const signs = [
  // Modules that are replaced, or loaded anew.
  /\bvi\.(?:mock|doMock|hoisted|resetModules)\(/,
  // Processes and workers, but for a process whose end is waited for in one call.
  /\b(?:spawn|exec|execFile|fork)\b.*\bfrom 'node:child_process'|\bfrom 'node:worker_threads'/,
  // Globals, but for those that `vi` stubs and gives back.
  /^ *(?:(?:globalThis|process\.env)\.\w+ = |Object\.(?:assign|defineProperty)\((?:globalThis|process\.env)\b)/m,
  // Clocks that leave the monotonic one alone: ours has caught up with them, for good.
  /\bfrom '(?:node:test|@sinonjs\/fake-timers)'/,
  // A dispatcher for all of the process, also for the `fetch` of Node.js where that has not been used before.
  /^(?:import (?!type )|\} ).*from 'undici(?:-\d)?'/m,
  // Flags of V8; who sets them asks what is collected, which also hangs on what ran before.
  /^ *setFlagsFromString\(/m,
  // The virtual time of the benchmarks, which is never taken back.
  /^installClock\(\)$/m,
]

/** True for a source that leaves something behind. */
export const leavesBehind = (source: string): boolean => signs.some((sign) => sign.test(source))

/** True for a test file that must not share its worker with others, because of itself or of its imports from its package. */
export const needsOwnWorker = (root: string, file: string): boolean => sourcesOf(join(root, file)).some(leavesBehind)

/** True for a file whose tests are skipped where a real server or Python is not installed. */
export const needsRealServers = (root: string, file: string): boolean =>
  sourcesOf(join(root, file)).some((source) => /process\.env(?:\.|\[`)HOLDFAST_REQUIRE_/.test(source))

/** The source of a file, and of the files of helpers that it imports. */
function sourcesOf(file: string, known = new Set<string>()): string[] {
  if (known.has(file)) return []
  known.add(file)
  const source = readFileSync(file, 'utf8')
  const imported = [...source.matchAll(/^(?:import|export|\}) .*?'(\.[^']*\.ts)'$/gm)].map(([, path = '']) =>
    join(dirname(file), path),
  )
  return [source, ...imported.filter((path) => !path.includes('/src/')).flatMap((path) => sourcesOf(path, known))]
}
