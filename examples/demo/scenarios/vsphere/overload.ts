import { status } from '@holdfast/testing'
import type { SimulatedVCenter } from '../../environments/vsphere.ts'
import { get } from '../../request.ts'
import type { Result } from '../../result.ts'
import type { Scenario } from '../../scenario.ts'

const list = '/api/vcenter/vm'
const latecomers = 4

/** A service that asks for a pause. */
export const overload: Scenario<SimulatedVCenter> = {
  name: 'overload',
  title: 'A service that has too much to do',
  about:
    'The server says when to come back. The client waits at least that long, and holds back everybody else who calls meanwhile.',
  readsOnly: false,
  async run(runner, simulated) {
    simulated.vcenter.faults.overload({ retryAfter: 1, times: 1, where: ({ path }) => path === list })
    runner.server('answers the next request with 503 and Retry-After: 1')
    const waits = runner.until((event) => event.type === 'decision-made', 'the first answer')
    const others = waits.then(() => runner.callMany(latecomers, get(list)))
    const [first, later] = await Promise.all([runner.call(get(list)), others])
    const results = [first, ...later]
    runner.check(`all ${results.length} callers got their answer`, results.every(isAnswered))
    runner.check('no request reached the server in the second that it asked for', gapAfter(503, simulated) >= 1_000)

    simulated.server.use(simulated.proxy.get(list, status(429, { retryAfter: 1, times: 1 })))
    runner.server('a proxy answers the next request with 429 and Retry-After: 1')
    runner.check('the throttled call was answered', isAnswered(await runner.call(get(list))))
    runner.check('it was sent again after a second, not earlier', gapAfter(429, simulated) >= 1_000)
  },
}

const isAnswered = ({ type }: Result) => type === 'answered'

/** Milliseconds, by the server's clock, between the request answered with this status and the next one. */
function gapAfter(refused: number, { vcenter, proxy }: SimulatedVCenter): number {
  const calls = [...vcenter.calls, ...proxy.calls].sort((one, other) => one.at - other.at)
  const index = calls.findIndex((call) => call.status === refused)
  const [before, next] = [calls[index], calls[index + 1]]
  return before === undefined || next === undefined ? 0 : next.at - before.at
}
