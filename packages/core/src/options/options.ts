import type { Catalogue } from '../contract/catalogue.ts'
import type {
  BreakerOptions,
  BudgetOptions,
  OneCallOptions,
  PauseOptions,
  ResilientOptions,
} from '../contract/policy.ts'
import { OptionsError } from '../error/options-error.ts'
import { callMembers, checkTimes } from './call-options.ts'
import {
  amount,
  type Check,
  either,
  guard,
  host,
  isFalse,
  listOf,
  members,
  milliseconds,
  millisecondsOrZero,
  ofType,
  oneOf,
  share,
  whole,
} from './check.ts'
import { withDefaultOptions } from './filled.ts'
import { OF_BREAKER, OF_CLIENTS, ofCalls } from './names/elsewhere.ts'
import { observer } from './names/observers.ts'
import { checkInit, checkKey, init } from './own-headers.ts'
import { rateLimitRules } from './rate-limit.ts'

const BREAKER: Required<BreakerOptions> = Object.freeze({
  failureRate: 0.5,
  minimum: 10,
  window: 10_000,
  openTime: 1_000,
  maxOpenTime: 3_000,
  probes: 1,
  slowCallRate: false,
  slowCallDuration: 10_000,
})

/** The options of a breaker with all defaults. If only one of the two open times is given, the other's default adapts to it. */
export function breakerOptions(given: BreakerOptions | undefined): Required<BreakerOptions> {
  const { openTime = BREAKER.openTime, maxOpenTime = BREAKER.maxOpenTime } = given ?? {}
  const filled = withDefaultOptions(BREAKER, given)
  if (given?.openTime === undefined) return { ...filled, openTime: Math.min(openTime, maxOpenTime) }
  return given.maxOpenTime === undefined ? { ...filled, maxOpenTime: Math.max(openTime, maxOpenTime) } : filled
}

export const BUDGET: Required<BudgetOptions> = Object.freeze({ size: 4, perCall: 0.1, perSecond: 0.5 })

/** Most bytes of a login's reply, which may contain the records of a whole pool of hosts. */
export const LOGIN_REPLY_LIMIT = 8_388_608

export const PAUSE: Required<PauseOptions> = Object.freeze({ max: 300_000 })

/** Calls of a key that may wait. */
export const QUEUE = 10_000

const breaker = members(
  {
    failureRate: share,
    minimum: whole(1),
    window: milliseconds,
    openTime: milliseconds,
    maxOpenTime: milliseconds,
    probes: whole(1),
    slowCallRate: either(isFalse, share),
    slowCallDuration: milliseconds,
  },
  OF_BREAKER,
)
const budget = members({ size: amount, perCall: amount, perSecond: amount })

const vendor: Check = (value, path) => {
  const { parse, catalogue } = (value ?? {}) as { parse?: unknown; catalogue?: { find?: unknown } }
  if (typeof parse === 'function' && typeof catalogue?.find === 'function') return
  throw new OptionsError(path, 'is not a vendor: call the vendor package’s function, as in `vendor: vsphere({ … })`.')
}

/** The members that belong to the state, which an extended client shares with its parent. */
const STATE_MEMBERS = {
  vendor,
  breaker: guard(breaker),
  budget: guard(budget),
  pause: guard(members({ max: milliseconds })),
  limits: ofType('boolean'),
  concurrency: whole(1),
  queue: whole(0),
  state: ofType('object'),
} satisfies Partial<Record<keyof ResilientOptions, Check>>

const clientMembers = (ofCall: ReturnType<typeof callMembers>) =>
  ({
    ...ofCall,
    init,
    loginReplyLimit: whole(1),
    loginTimeout: milliseconds,
    mode: oneOf('act', 'observe'),
    observers: listOf(observer),
    rateLimit: either(isFalse, rateLimitRules),
    scope: ofType('function'),
    trustedHosts: listOf(host),
  }) satisfies Partial<Record<keyof ResilientOptions, Check>>

/** The check of every option of a client. */
const allMembers = (ofCall: ReturnType<typeof callMembers>) =>
  ({ ...STATE_MEMBERS, ...clientMembers(ofCall) }) satisfies Record<keyof ResilientOptions, Check>

/** The names of all options of `resilient`. */
export const optionNames: readonly string[] = Object.freeze(Object.keys(allMembers(callMembers([]))))

/** The names of those that a call may have as well. */
export const callOptionNames: readonly string[] = Object.freeze(Object.keys(callMembers([])))

const closeMembers = members({ drain: millisecondsOrZero })

/** The checks of one client's options: each throws an {@link OptionsError} that names the option at fault. */
export interface OptionChecks {
  client(options: ResilientOptions): void
  /** Checks the options of `extend`. */
  extension(options: ResilientOptions): void
  call(options: OneCallOptions): void
  close(options: object): void
}

/** Makes the checks, once for a client and all that `extend` makes from it. */
export function optionChecks(catalogues: readonly Catalogue[]): OptionChecks {
  const ofCall = callMembers(catalogues)
  const one = { ...ofCall, body: ofType('function') } satisfies Record<keyof OneCallOptions, Check>
  const client = members(allMembers(ofCall), OF_CLIENTS)
  const extension = members(clientMembers(ofCall), OF_CLIENTS)
  const call = members(one, ofCalls(optionNames))
  return {
    client(options) {
      client(options, '')
      checkInit(options.init, optionNames)
      checkTimes(options)
      checkKey(options)
      if (options.breaker) checkBreaker(breakerOptions(options.breaker), options)
    },
    extension(options) {
      for (const name of Object.keys(STATE_MEMBERS)) {
        if (name in Object(options))
          throw new OptionsError(name, 'cannot be changed by `extend`: it is shared. Make another client.')
      }
      extension(options, '')
      checkInit(options.init, optionNames)
      checkTimes(options)
      checkKey(options)
    },
    call(options) {
      call(options, 'resilience')
      checkTimes(options, 'resilience.')
    },
    close(options) {
      closeMembers(options, 'close')
    },
  }
}

function checkBreaker(
  { openTime, maxOpenTime, slowCallRate, slowCallDuration }: Required<BreakerOptions>,
  { timeout }: ResilientOptions,
): void {
  if (openTime > maxOpenTime) {
    throw new OptionsError('breaker.openTime', `(${openTime} ms) is above \`breaker.maxOpenTime\` (${maxOpenTime} ms).`)
  }
  if (slowCallRate !== false && typeof timeout === 'number' && slowCallDuration >= timeout) {
    throw new OptionsError(
      'breaker.slowCallDuration',
      `(${slowCallDuration} ms) can never be reached: \`timeout\` (${timeout} ms) comes first.`,
    )
  }
}
