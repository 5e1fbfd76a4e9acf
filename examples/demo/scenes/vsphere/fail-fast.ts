import type { VendorError } from '@holdfast/core'
import { get, post } from '../../ask.ts'
import type { Scene } from '../../scene.ts'
import type { Stage } from '../../stage.ts'
import { errorIn } from '../../told.ts'
import type { EmbeddedVCenter } from '../../worlds/vsphere.ts'

/** What waiting does not cure. */
export const failFast: Scene<EmbeddedVCenter> = {
  name: 'fail-fast',
  title: 'Errors that waiting does not cure',
  about:
    'Where the same request would only get the same answer again, there is one attempt, no waiting, and a hint at what to do.',
  readsOnly: true,
  async play(stage, embedded) {
    const missing = errorIn(await stage.call(get('/api/vcenter/vm/vm-that-is-not-there')))
    checkFailed(stage, missing, 'NOT_FOUND', 'fatal')
    if (embedded === undefined) return
    const onAlready = errorIn(await stage.call(post('/api/vcenter/vm/vm-2/power?action=start')))
    checkFailed(stage, onAlready, 'ALREADY_IN_DESIRED_STATE', 'conflict')
  },
}

function checkFailed(stage: Stage, error: VendorError | undefined, code: string, kind: string): void {
  stage.check(`${code} is known as ${kind} and comes with a hint`, error?.kind === kind && Boolean(error.hint))
  stage.check('one attempt', error?.code === code && error.attempts.length === 1)
}
