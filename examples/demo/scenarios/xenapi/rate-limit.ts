import { pluginInterval, type SimulatedPool } from '../../environments/xenapi.ts'
import { seconds } from '../../messages.ts'
import { rpc } from '../../rpc.ts'
import type { Scenario } from '../../scenario.ts'

const method = 'VM.call_plugin'
const plugin = rpc(method, 'OpaqueRef:vm-2', 'guest-agent-operation', 'request-exec', {})

/** A limit that says when it ends. */
export const rateLimit: Scenario<SimulatedPool> = {
  name: 'rate-limit',
  title: 'A rate limit that says how long to wait',
  about:
    'Plug-ins of a machine can be called once in a while only. The refusal has no Retry-After: the seconds left are one of the error’s parameters, and the client knows which. It waits that long, or up to a fifth longer, so that callers do not come back in step.',
  readsOnly: false,
  async run(runner, { pool }) {
    runner.server(`lets plug-ins of a machine be called once in ${seconds(pluginInterval)}`)
    // Both at once: on a slow machine the time would be over before a second call came after the first.
    const results = await runner.callMany(2, plugin)
    const codes = pool.calls.filter(({ rpc: called }) => called === method).map(({ code }) => code ?? 'OK')
    runner.check(
      'the second call was refused once, then answered',
      results.every(({ type }) => type === 'answered') && codes.join() === 'OK,VM_CALL_PLUGIN_RATE_LIMIT,OK',
    )
    const [first, second] = pool.executed.filter(({ action }) => action === method)
    const apart = (second?.at ?? 0) - (first?.at ?? 0)
    runner.check(`by the server’s clock, the two are ${seconds(apart)} apart`, apart >= pluginInterval)
    runner.check('it waited no more than a fifth longer', runner.counts.waited <= 1.2 * pluginInterval)
  },
}
