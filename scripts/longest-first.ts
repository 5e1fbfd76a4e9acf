/**
 * Files that take five seconds of a core and more, the longest first. Those that wait for real servers begin while others
 * compute, and none is begun last, when nothing is left for the other cores. Their tests have longer limits, too.
 */
export const longest: readonly string[] = [
  'packages/keystone/test/real-cinder.test.ts',
  'packages/keystone/test/real-keystone.test.ts',
  'packages/keystone/test/real-time.test.ts',
  'packages/vsphere/test/real-vcsim.test.ts',
  'scripts/proxies/waits.test.ts',
  'scripts/proxies/keep-alive.test.ts',
  'examples/test/demo.test.ts',
  'packages/xenapi/test/conformance.test.ts',
  'scripts/fuzz/bombs.test.ts',
  'scripts/secrets.test.ts',
  'examples/test/examples.test.ts',
  'scripts/command-line.test.ts',
  'packages/core/test/session-model.test.ts',
  'packages/vbs/test/conformance.test.ts',
  'packages/openstack/test/conformance.test.ts',
  'packages/csbs/test/conformance.test.ts',
  'packages/vsphere/test/conformance.test.ts',
  'packages/undici/test/differential.test.ts',
  'packages/testing/test/vendor-suite-fails.test.ts',
  'benchmarks/overhead/budget.test.ts',
  'scripts/faults.test.ts',
  'scripts/explain.test.ts',
  'packages/core/test/soak.test.ts',
  'scripts/fuzz/long-bodies.test.ts',
  'packages/core/test/secrets-bounds.test.ts',
  'scripts/layers.test.ts',
]

/** A file in the order of a run. */
interface Placed {
  readonly moduleId: string
  readonly project: { readonly config: { readonly isolate: boolean } }
}

const placeOf = (path: string) => longest.findIndex((file) => path.endsWith(`/${file}`))

/** The milliseconds after which a test of this file hangs: a core that many others want takes ten times as long. */
export const limitOf = (path: string): number => (placeOf(path) < 0 ? 60_000 : 300_000)

/** The files with a worker of their own and then those that share one, each beginning with the longest. */
export function longestFirst<File extends Placed>(files: readonly File[]): File[] {
  const rank = ({ moduleId }: File) => {
    const at = placeOf(moduleId)
    return at < 0 ? longest.length : at
  }
  const shares = ({ project }: File) => (project.config.isolate ? 0 : 1)
  return files.toSorted((one, other) => shares(one) - shares(other) || rank(one) - rank(other))
}
