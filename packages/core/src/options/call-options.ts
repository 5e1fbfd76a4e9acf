import type { Catalogue } from '../contract/catalogue.ts'
import { isFamily } from '../contract/look-up.ts'
import type { CallOptions, Curve, Override, RetryOptions } from '../contract/policy.ts'
import { OptionsError } from '../error/options-error.ts'
import { shown } from '../error/shown-value.ts'
import {
  amount,
  type Check,
  complete,
  either,
  isFalse,
  members,
  milliseconds,
  millisecondsOrFalse,
  millisecondsOrZeroOrFalse,
  ofType,
  oneOf,
  plainObject,
  share,
  shortText,
  suggestion,
  whole,
} from './check.ts'
import { OF_RETRY } from './names/elsewhere.ts'
import { deadlineHeader, idempotencyKey } from './own-headers.ts'

const curve: Check = (value, path) => {
  complete(members({ base: milliseconds, limit: milliseconds }), 'base', 'limit')(value, path)
  const { base, limit } = value as Curve
  if (base > limit)
    throw new OptionsError(path, `contradicts itself: \`base\` (${base}) is above \`limit\` (${limit}).`)
}

const retryOptions = members(
  {
    limit: whole(0),
    pace: oneOf('fast', 'slow'),
    jitter: oneOf('full', 'equal', 'decorrelated', 'none'),
    backoff: members({ fast: curve, slow: curve, busy: curve }),
  },
  OF_RETRY,
)

const retry = either(
  isFalse,
  either(
    (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
    (value, path) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return retryOptions(value, path)
      throw new OptionsError(
        path,
        `must be \`false\`, a whole number of retries, 0 or more, or an object, got ${shown(value)}.`,
      )
    },
  ),
)

const hedgeMembers = members({ percentile: share, least: milliseconds })

const hedge: Check = (value, path) => {
  if (typeof value === 'boolean') return
  if (typeof value === 'object' && value !== null) return hedgeMembers(value, path)
  throw new OptionsError(
    path,
    `must be true, false or an object such as \`{ percentile: 0.95 }\`, got ${shown(value)}.`,
  )
}

const override: Check = (value, path) => {
  members({
    kind: oneOf('retryable', 'auth', 'conflict', 'fatal'),
    outcome: oneOf('rejected', 'unknown'),
    retry,
    trips: ofType('boolean'),
    acceptAchieved: ofType('boolean'),
    onConflict: ofType('function'),
  })(value, path)
  const { kind, outcome } = value as { kind?: string; outcome?: string }
  if (kind === 'retryable' && outcome === undefined) {
    throw new OptionsError(
      path,
      "says `kind: 'retryable'` without an `outcome`: 'rejected' if the server did nothing, else 'unknown'.",
    )
  }
}

/** The members that may be set for a client and for a call. */
export const callMembers = (catalogues: readonly Catalogue[]) =>
  ({
    label: shortText,
    retry,
    timeout: millisecondsOrFalse,
    totalTimeout: millisecondsOrFalse,
    bodyTimeout: millisecondsOrFalse,
    patience: millisecondsOrZeroOrFalse,
    maxWait: millisecondsOrZeroOrFalse,
    priority: oneOf('low', 'normal', 'high'),
    idempotent: ofType('boolean'),
    replayLimit: amount,
    acceptAchieved: ofType('boolean'),
    onConflict: ofType('function'),
    errors: errorsOf(catalogues),
    classify: ofType('function'),
    bodyNeed: either((value) => Number.isSafeInteger(value) && (value as number) > 0, oneOf('none', 'whole')),
    beforeAttempt: ofType('function'),
    idempotencyKey,
    deadlineHeader,
    hedge,
    nested: either((value) => value === 'auto', ofType('boolean')),
  }) satisfies Record<keyof CallOptions, Check>

/** The check of `errors`. It reads the codes once, and only if a code is named: catalogues have hundreds. */
function errorsOf(catalogues: readonly Catalogue[]): Check {
  let known: { readonly codes: ReadonlySet<string>; readonly families: readonly string[] } | undefined
  const whose = catalogues.map(({ vendor }) => vendor).join(' or ')
  return (value, path) => {
    plainObject(value, path)
    known ??= codesOf(catalogues)
    const { codes, families } = known
    for (const [code, changed] of Object.entries(value as object)) {
      const isListed = codes.has(code) || (!isFamily(code) && families.some((beginning) => code.startsWith(beginning)))
      const wrong = isListed || isStatus(code) ? undefined : mistakenCode(code, changed as Override | undefined, codes)
      if (wrong !== undefined) throw new OptionsError(`${path}.${code}`, `is no code of ${whose}.${wrong}`)
      if (changed !== undefined) override(changed, `${path}.${code}`)
    }
  }
}

/** True for the code of a status or of a status class. */
const isStatus = (code: string): boolean => /^HTTP_[45](?:\d\d|XX)$/.test(code)

/** The error for a code that is not listed, unless it may be one that only the user knows. */
function mistakenCode(code: string, changed: Override | undefined, codes: ReadonlySet<string>): string | undefined {
  const capitals = code.toUpperCase()
  const same = [capitals, `HTTP_${capitals}`].find(isStatus) ?? [...codes].find((one) => one.toUpperCase() === capitals)
  if (same !== undefined) return ` Did you mean \`${same}\`?`
  if (isFurther(code, changed)) return undefined
  return `${suggestion(code, [...codes])} One that no catalogue lists must say its \`kind\`.`
}

/** True for a code that only the user knows: the override has a `kind`, and the code does not begin like a status. */
const isFurther = (code: string, changed: Override | undefined): boolean =>
  changed?.kind !== undefined && !code.startsWith('HTTP_')

function codesOf(catalogues: readonly Catalogue[]) {
  const codes = new Set(catalogues.flatMap(({ rows }) => rows.map(({ code }) => code)))
  return { codes, families: [...codes].filter(isFamily).map((code) => code.slice(0, -1)) }
}

/** Checks that two times do not contradict each other. */
export function checkTimes({ timeout, totalTimeout }: Pick<CallOptions, 'timeout' | 'totalTimeout'>, path = ''): void {
  if (typeof timeout === 'number' && typeof totalTimeout === 'number' && timeout > totalTimeout) {
    throw new OptionsError(
      `${path}timeout`,
      `(${timeout} ms for one attempt) is above \`totalTimeout\` (${totalTimeout} ms for the whole call).`,
    )
  }
}

/** The `retry` option in its longest form. */
export function retryOf(retry: RetryOptions | number | false | undefined): RetryOptions {
  if (retry === false) return { limit: 0 }
  return typeof retry === 'number' ? { limit: retry } : (retry ?? {})
}
