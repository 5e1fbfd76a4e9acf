import { started, withServers } from '../../../scripts/real-servers.ts'

/** A vCenter of govmomi's simulator, for as long as this is not disposed of. It ends with this process, however that ends. */
export interface RealVcsim extends AsyncDisposable {
  readonly port: number
  readonly username: string
  readonly password: string
}

/** Declares tests that need vcsim, and starts one before them; `HOLDFAST_REQUIRE_VCSIM=1` does not let it be absent. */
export const withVcsim = (title: string, tests: (vcsim: () => RealVcsim) => void) =>
  withServers(title, ['vcsim'], startVcsim, tests)

async function startVcsim(): Promise<RealVcsim> {
  const { at, end } = await started<Omit<RealVcsim, typeof Symbol.asyncDispose>>('vcsim')
  return { ...at, [Symbol.asyncDispose]: end }
}
