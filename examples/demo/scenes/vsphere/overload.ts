import { status } from '@holdfast/testing'
import { get } from '../../ask.ts'
import type { Scene } from '../../scene.ts'
import type { Told } from '../../told.ts'
import type { EmbeddedVCenter } from '../../worlds/vsphere.ts'

const list = '/api/vcenter/vm'
const latecomers = 4

/** A service that asks to be left alone for a while. */
export const overload: Scene<EmbeddedVCenter> = {
  name: 'overload',
  title: 'A service that has too much to do',
  about:
    'The server says when to come back. The client waits at least that long, and holds back everybody else who calls meanwhile.',
  readsOnly: false,
  async play(stage, embedded) {
    embedded.vcenter.overload({ retryAfter: 1, times: 1, where: ({ path }) => path === list })
    stage.server('answers the next request with 503 and Retry-After: 1')
    const waits = stage.until((event) => event.type === 'decision-made', 'the first answer')
    const others = waits.then(() => stage.crowd(latecomers, get(list)))
    const [first, later] = await Promise.all([stage.call(get(list)), others])
    const told = [first, ...later]
    stage.check(`all ${told.length} callers got their answer`, told.every(isAnswered))
    stage.check('no request reached the server in the second that it asked for', gapAfter(503, embedded) >= 1_000)

    embedded.server.use(embedded.proxy.get(list, status(429, { retryAfter: 1, times: 1 })))
    stage.server('a proxy answers the next request with 429 and Retry-After: 1')
    stage.check('the throttled call was answered', isAnswered(await stage.call(get(list))))
    stage.check('it was sent again after a second, not earlier', gapAfter(429, embedded) >= 1_000)
  },
}

const isAnswered = ({ type }: Told) => type === 'answered'

/** Milliseconds, by the server's clock, between the request answered with this status and the next one. */
function gapAfter(refused: number, { vcenter, proxy }: EmbeddedVCenter): number {
  const calls = [...vcenter.calls, ...proxy.calls].sort((one, other) => one.at - other.at)
  const index = calls.findIndex((call) => call.status === refused)
  const [before, next] = [calls[index], calls[index + 1]]
  return before === undefined || next === undefined ? 0 : next.at - before.at
}
