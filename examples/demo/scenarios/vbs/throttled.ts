import type { VbsService } from '@holdfast/vbs/simulator'
import { backup, cloud, project } from '../../cloud.ts'
import type { SimulatedCloud } from '../../environments/openstack.ts'
import type { Scenario } from '../../scenario.ts'

const code = 'APIG.0308'
const readers = 8
const callers = readers + 1
const window = 1_000

/** A gateway that throttles, and says for how long in a sentence only. */
export const throttled: Scenario<SimulatedCloud> = {
  name: 'throttled',
  title: 'A gateway that throttles',
  about: `There is no Retry-After: how long the limit lasts stands in the message only, “limit:${readers},time:1 second”. The client reads it there, and all its calls to the service wait that long, and then go one after the other, not all at once. ${code} means that the request was not passed on, so even a POST is sent again.`,
  readsOnly: false,
  async run(runner, { vbs }) {
    vbs.faults.throttle({ limit: readers, window: '1 second', times: 1 })
    runner.server('its gateway throttles the next request')
    const throttling = runner.until((event) => event.type === 'decision-made', 'the first answer')
    const reading = throttling.then(() => runner.callMany(readers, cloud('GET', `/v2/${project}/backups/detail`)))
    const [first, others] = await Promise.all([runner.call(backup('volume-1')), reading])
    const results = [first, ...others]
    runner.check(
      `all ${callers} callers got their answer`,
      results.length === callers && results.every(({ type }) => type === 'answered'),
    )
    const { refused, passed, apart } = summaryOf(vbs)
    runner.check('one was throttled, and nobody else after it', refused === 1 && passed === callers)
    runner.check('by the server’s clock, nobody came back within a second', apart >= window)
    // A slow machine is part of each wait, so that this is no measure of the client's.
    runner.check('nobody waited longer than ten times the limit', runner.counts.waited <= 10 * window * callers)
    runner.check('the backup was begun exactly once', vbs.executed.length === 1 && vbs.backups.length === 1)
  },
}

/** Requests that the gateway refused and let through, and the milliseconds between the first of either. */
function summaryOf({ calls }: VbsService) {
  const [refused, passed] = [calls.filter((call) => call.code === code), calls.filter(({ status }) => status === 200)]
  const apart = (passed[0]?.at ?? 0) - (refused[0]?.at ?? Number.POSITIVE_INFINITY)
  return { refused: refused.length, passed: passed.length, apart }
}
