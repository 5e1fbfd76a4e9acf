import { rpc } from '../../rpc.ts'
import type { Scene } from '../../scene.ts'
import { seconds } from '../../words.ts'
import { type EmbeddedPool, pluginInterval } from '../../worlds/xenapi.ts'

const method = 'VM.call_plugin'
const plugin = rpc(method, 'OpaqueRef:vm-2', 'guest-agent-operation', 'request-exec', {})

/** A limit that says when it ends. */
export const rateLimit: Scene<EmbeddedPool> = {
  name: 'rate-limit',
  title: 'A rate limit that says how long to wait',
  about:
    'Plug-ins of a machine can be called once in a while only. The refusal has no Retry-After: the seconds left are one of the error’s parameters, and the client knows which. It waits that long, or up to a fifth longer, so that callers do not come back in step.',
  readsOnly: false,
  async play(stage, { pool }) {
    stage.server(`lets plug-ins of a machine be called once in ${seconds(pluginInterval)}`)
    await stage.call(plugin)
    const told = await stage.call(plugin)
    const codes = pool.calls.filter(({ rpc: called }) => called === method).map(({ code }) => code ?? 'OK')
    stage.check(
      'the second call was refused once, then answered',
      told.type === 'answered' && codes.join() === 'OK,VM_CALL_PLUGIN_RATE_LIMIT,OK',
    )
    const [first, second] = pool.executed.filter(({ action }) => action === method)
    const apart = (second?.at ?? 0) - (first?.at ?? 0)
    stage.check(`by the server’s clock, the two are ${seconds(apart)} apart`, apart >= pluginInterval)
    stage.check('it waited no more than a fifth longer', stage.tally.waited <= 1.2 * pluginInterval)
  },
}
