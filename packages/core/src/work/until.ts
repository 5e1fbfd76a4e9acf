import type { Engine } from '../call/engine.ts'
import { systemClock } from '../contract/clock.ts'
import type { Fault } from '../contract/fault.ts'
import type { StateAnswer, WantedState } from '../contract/work/vendor-work.ts'
import { OptionsError } from '../error/options-error.ts'
import { takenInit } from '../given-request.ts'
import { parseJson } from '../json.ts'
import { TOTAL_TIMEOUT } from '../options/policy.ts'
import { failureFor } from '../reported-failure.ts'
import { isRequest } from '../request/is-request.ts'
import { withSignal } from './options.ts'
import { type Answer, type OwnRequest, ownRequest, thrownFor } from './polling/own-request.ts'
import { Pacing } from './polling/pacing.ts'
import { pollerFor } from './polling/poller.ts'
import type { Effect, StateWatch } from './polling/watch.ts'
import { Waiting } from './running/waiting.ts'
import type { WaitOptions } from './running/work-state.ts'

/** A request that is sent again and again: a URL, or one with the init of `fetch`. */
export type UntilRequest = string | URL | (RequestInit & { readonly url: string | URL })

/** Options of waiting for a state. */
export interface UntilOptions extends Omit<WaitOptions, 'cancelOnAbort'> {
  /**
   * Milliseconds of the longest wait; `false` for no limit.
   *
   * @default the client's `totalTimeout`, 5 min
   */
  readonly timeout?: number | false
}

/** A state to wait for, with the request that polls it. */
export interface Aim extends Pick<WantedState, 'name' | 'pace' | 'holds' | 'faultIn'> {
  readonly request: OwnRequest
}

/** The aim for a state that a vendor's package has made. */
export function aimOf({ vendor }: Engine, wanted: WantedState): Aim {
  const [first] = vendor?.origins ?? []
  if (first === undefined)
    throw new OptionsError('until', `needs a vendor with a \`url\` to find out whether ${wanted.name}.`)
  // The functions may look at their own object.
  return Object.assign(Object.create(wanted) as WantedState, { request: ownRequest(first, wanted.request) })
}

/** The aim for a state that the user's own function knows. */
export function ownAim(engine: Engine, request: UntilRequest, holds: (body: never, seen: StateAnswer) => boolean): Aim {
  const { url, ...init } = typeof request === 'object' && 'url' in request ? request : { url: request }
  if (isRequest(request) || init.body instanceof ReadableStream)
    throw new OptionsError('until', 'needs a request that can be sent again: a URL, or one with the init of `fetch`.')
  const name = 'the wanted state is reached'
  return {
    name,
    request: { url: String(url), init: takenInit(engine, init) },
    holds: (seen) => holds(seen.body as never, seen),
  }
}

/** Polls until an answer shows the state, and returns its body. */
export function until<Body>(engine: Engine, aim: Aim, options: UntilOptions): Promise<Body> {
  const timeout = options.timeout ?? engine.policy.totalTimeout ?? TOTAL_TIMEOUT
  const { signal: own, ...init } = aim.request.init ?? {}
  const request = { url: aim.request.url, init }
  const { origin } = new URL(request.url)
  const poller = pollerFor(engine, origin)
  const pacing = new Pacing(aim.pace ?? 'fast')
  return new Promise<Body>((resolve, reject) => {
    const end = (settle: () => void) => {
      waiting.release()
      poller.remove(watch)
      settle()
    }
    const watch: StateWatch = {
      engine,
      origin,
      request,
      dueAt: systemClock.now(),
      refusals: 0,
      nextWait: () => pacing.next(),
      take(answer) {
        const seen = seenIn(answer)
        return seen === undefined ? 'useless' : effectOf(seen)
      },
      giveUp: (answer) => end(() => reject(thrownFor(answer))),
    }
    const judge = judgeOf(aim)
    const effectOf = (seen: StateAnswer): Effect => {
      const holds = judge(seen)
      if (typeof holds === 'string') return holds
      if (holds) {
        end(() => resolve(seen.body as Body))
        return 'ended'
      }
      const fault = aim.faultIn?.(seen)
      // Somebody may be waiting for an object in a failed state to disappear.
      if (fault === undefined) return seen.reply === undefined && seen.fault?.settled !== true ? 'useless' : 'again'
      end(() => errorOf(engine, request, fault).then(reject, reject))
      return 'ended'
    }
    const waiting = new Waiting(
      engine,
      withSignal({ ...options, timeout }, own),
      (thrown) => end(() => reject(thrown)),
      () => `it is still not so that ${aim.name}`,
    )
    poller.add(watch)
  })
}

/**
 * Makes the function that tells from each answer whether the state holds. A refusal that shows it must come twice: the first
 * may come from a replica that lags behind, or from a proxy.
 */
function judgeOf(aim: Aim): (seen: StateAnswer) => boolean | Effect {
  let wasShown = false
  return (seen) => {
    const holds = holdsIn(aim, seen)
    if (holds === undefined) return 'useless'
    const isSure = wasShown || seen.reply !== undefined || seen.fault?.settled === true
    wasShown = holds
    return holds && !isSure ? 'again' : holds
  }
}

/**
 * True if an answer shows the state; `undefined` if the function throws because it was made for the body of a success, not
 * for a refusal or a proxy's page.
 */
function holdsIn(aim: Aim, seen: StateAnswer): boolean | undefined {
  let holds: unknown
  try {
    holds = aim.holds(seen)
  } catch (thrown) {
    if (typeof seen.body !== 'object') return undefined
    throw thrown
  }
  if (!(holds instanceof Promise)) return Boolean(holds)
  holds.catch(() => {})
  throw new TypeError('The function must tell at once whether it is so: it has returned a promise.')
}

function seenIn(answer: Answer): StateAnswer | undefined {
  if (answer.type === 'reply') {
    const { text, status } = answer.reply
    const body = text === '' ? undefined : (parseJson(text) ?? text)
    return { body, status, code: undefined, reply: answer.reply, fault: undefined }
  }
  if (answer.type !== 'fault') return undefined
  const { fault } = answer.verdict
  if (!answer.isFinal && fault.settled !== true) return undefined
  return { body: undefined, status: fault.status, code: fault.code, reply: undefined, fault }
}

const errorOf = (engine: Engine, { url, init }: OwnRequest, fault: Fault): Promise<Error> =>
  failureFor(engine, { ...fault, inTask: true, settled: true }, { ...init, url })
