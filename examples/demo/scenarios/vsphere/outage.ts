import type { SimulatedVCenter } from '../../environments/vsphere.ts'
import { get } from '../../request.ts'
import type { Result } from '../../result.ts'
import type { Runner } from '../../runner.ts'
import type { Scenario } from '../../scenario.ts'

const list = '/api/vcenter/vm'
const once = { retry: false } as const
const callers = 1_000

/** A service that is down for a while. */
export const outage: Scenario<SimulatedVCenter> = {
  name: 'outage',
  title: 'A service that is down',
  about:
    'When too many calls fail, the circuit opens, and the server is left in peace. Calls would wait for their turn; these have no patience (patience: 0) and are refused on the spot. From time to time one call may try; when it succeeds, the circuit closes.',
  options: { patience: 0, limits: false, breaker: { minimum: 5, openTime: 1_500 }, retry: { limit: 2 } },
  readsOnly: false,
  async run(runner, simulated) {
    await runner.call(get(list))
    simulated.vcenter.outage()
    runner.server('the services behind the proxy go down')
    await breakCircuit(runner)
    await refuseEverybody(runner, simulated)
    await probe(runner, simulated)

    simulated.vcenter.restart()
    runner.server('is back, and has forgotten every session')
    await runner.untilHalfOpen()
    const results = await runner.callMany(10, get(list))
    runner.check('one call tried, the others were refused', answered(results) === 1 && refused(results) === 9)
    const after = await runner.callMany(10, get(list))
    runner.showState()
    runner.check('the circuit is closed, everybody is answered again', answered(after) === 10)
  },
}

async function breakCircuit(runner: Runner): Promise<void> {
  for (let calls = 0; runner.circuit === 'closed' && calls < 10; calls++) await runner.call(get(list))
  runner.showState()
  runner.check('the circuit has opened', runner.circuit === 'open')
}

async function refuseEverybody(runner: Runner, { counts }: SimulatedVCenter): Promise<void> {
  const before = counts().requests
  const results = await runner.callMany(callers, get(list))
  const text = `${callers.toLocaleString('en')} calls refused, and none of them reached the server`
  runner.check(text, refused(results) === callers && counts().requests === before)
}

async function probe(runner: Runner, { counts }: SimulatedVCenter): Promise<void> {
  await runner.untilHalfOpen()
  const before = counts().requests
  const results = await runner.callMany(10, get(list), once)
  runner.check(
    'still down: one call tried, nine were refused',
    counts().requests === before + 1 && refused(results) === 9,
  )
}

const answered = (results: readonly Result[]) => results.filter(({ type }) => type === 'answered').length
const refused = (results: readonly Result[]) => results.filter(({ type }) => type === 'refused').length
