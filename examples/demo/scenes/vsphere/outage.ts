import { get } from '../../ask.ts'
import type { Scene } from '../../scene.ts'
import type { Stage } from '../../stage.ts'
import type { Told } from '../../told.ts'
import type { EmbeddedVCenter } from '../../worlds/vsphere.ts'

const list = '/api/vcenter/vm'
const once = { retry: false } as const
const crowd = 1_000

/** A service that is down for a while. */
export const outage: Scene<EmbeddedVCenter> = {
  name: 'outage',
  title: 'A service that is down',
  about:
    'When too many calls fail, the circuit opens: calls are refused on the spot, and the server is left in peace. From time to time one call may try; when it succeeds, the circuit closes.',
  options: { breaker: { minimum: 5, openTime: 1_500 }, retry: { limit: 2 } },
  readsOnly: false,
  async play(stage, embedded) {
    await stage.call(get(list))
    embedded.vcenter.outage()
    stage.server('the services behind the proxy go down')
    await breakCircuit(stage)
    await refuseEverybody(stage, embedded)
    await probe(stage, embedded)

    embedded.vcenter.restart()
    stage.server('is back, and has forgotten every session')
    await stage.untilHalfOpen()
    const told = await stage.crowd(10, get(list))
    stage.check('one call tried, the others were refused', answered(told) === 1 && refused(told) === 9)
    const after = await stage.crowd(10, get(list))
    stage.showState()
    stage.check('the circuit is closed, everybody is answered again', answered(after) === 10)
  },
}

async function breakCircuit(stage: Stage): Promise<void> {
  for (let calls = 0; stage.circuit === 'closed' && calls < 10; calls++) await stage.call(get(list))
  stage.showState()
  stage.check('the circuit has opened', stage.circuit === 'open')
}

async function refuseEverybody(stage: Stage, { seen }: EmbeddedVCenter): Promise<void> {
  const before = seen().requests
  const told = await stage.crowd(crowd, get(list))
  const text = `${crowd.toLocaleString('en')} calls refused, and none of them reached the server`
  stage.check(text, refused(told) === crowd && seen().requests === before)
}

async function probe(stage: Stage, { seen }: EmbeddedVCenter): Promise<void> {
  await stage.untilHalfOpen()
  const before = seen().requests
  const told = await stage.crowd(10, get(list), once)
  stage.check('still down: one call tried, nine were refused', seen().requests === before + 1 && refused(told) === 9)
}

const answered = (told: readonly Told[]) => told.filter(({ type }) => type === 'answered').length
const refused = (told: readonly Told[]) => told.filter(({ type }) => type === 'refused').length
