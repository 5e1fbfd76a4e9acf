/**
 * Files that take ten seconds and more, the longest first. Those that wait for real servers begin while others compute, and
 * none is begun last, when nothing is left for the other cores.
 */
export const longest: readonly string[] = [
  'packages/keystone/test/real-keystone.test.ts',
  'packages/keystone/test/real-cinder.test.ts',
  'examples/test/demo.test.ts',
  'packages/keystone/test/real-time.test.ts',
  'scripts/fuzz/bombs.test.ts',
  'examples/test/examples.test.ts',
  'packages/xenapi/test/conformance.test.ts',
  'scripts/secrets.test.ts',
  'scripts/proxies/waits.test.ts',
  'scripts/proxies/keep-alive.test.ts',
  'packages/csbs/test/conformance.test.ts',
  'benchmarks/overhead/budget.test.ts',
  'packages/openstack/test/conformance.test.ts',
  'packages/core/test/secrets-bounds.test.ts',
  'packages/core/test/session-model.test.ts',
  'packages/undici/test/queue.test.ts',
  'packages/vbs/test/conformance.test.ts',
]

/** A file in the order of a run. */
interface Placed {
  readonly moduleId: string
  readonly project: { readonly config: { readonly isolate: boolean } }
}

/** The files with a worker of their own and then those that share one, each beginning with the longest. */
export function longestFirst<File extends Placed>(files: readonly File[]): File[] {
  const rank = ({ moduleId }: File) => {
    const at = longest.findIndex((file) => moduleId.endsWith(`/${file}`))
    return at < 0 ? longest.length : at
  }
  const shares = ({ project }: File) => (project.config.isolate ? 0 : 1)
  return files.toSorted((one, other) => shares(one) - shares(other) || rank(one) - rank(other))
}
