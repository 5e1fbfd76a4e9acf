import type { VendorError } from '@holdfast/core'
import type { SimulatedVCenter } from '../../environments/vsphere.ts'
import { get, post } from '../../request.ts'
import { errorIn } from '../../result.ts'
import type { Runner } from '../../runner.ts'
import type { Scenario } from '../../scenario.ts'

/** Failures that do not pass with time. */
export const failFast: Scenario<SimulatedVCenter> = {
  name: 'fail-fast',
  title: 'Errors that waiting does not cure',
  about:
    'Where the same request would only get the same answer again, there is one attempt, no waiting, and a hint at what to do.',
  readsOnly: true,
  async run(runner, simulated) {
    const missing = errorIn(await runner.call(get('/api/vcenter/vm/vm-that-is-not-there')))
    checkFailed(runner, missing, 'NOT_FOUND', 'fatal')
    if (simulated === undefined) return
    const onAlready = errorIn(await runner.call(post('/api/vcenter/vm/vm-2/power?action=start')))
    checkFailed(runner, onAlready, 'ALREADY_IN_DESIRED_STATE', 'conflict')
  },
}

function checkFailed(runner: Runner, error: VendorError | undefined, code: string, kind: string): void {
  runner.check(`${code} is known as ${kind} and comes with a hint`, error?.kind === kind && Boolean(error.hint))
  runner.check('one attempt', error?.code === code && error.attempts.length === 1)
}
