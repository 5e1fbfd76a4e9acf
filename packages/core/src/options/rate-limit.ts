import { OptionsError } from '../error/options-error.ts'
import { kindOf, shown } from '../error/shown-value.ts'
import {
  type Check,
  complete,
  listOf,
  members,
  milliseconds,
  ofType,
  oneOf,
  plainObject,
  shortText,
  whole,
} from './check.ts'
import { headerName } from './own-headers.ts'

const counter = complete(
  members({ remaining: headerName, reset: listOf(headerName), limit: headerName }),
  'remaining',
  'reset',
)

const throttle = complete(
  members({
    status: whole(400),
    header: complete(members({ name: headerName, value: shortText }), 'name', 'value'),
    includes: listOf(shortText),
    wait: milliseconds,
    isFinal: ofType('boolean'),
  }),
  'status',
)

const scopes: Check = (value, path) => {
  plainObject(value, path)
  for (const [beginning, name] of Object.entries(value as object)) {
    const at = `${path}[${JSON.stringify(beginning)}]`
    if (!beginning.startsWith('/')) throw new OptionsError(at, 'must be the beginning of a path, such as "/search".')
    if (typeof name !== 'string' || !/^[\w.-]{1,60}$/.test(name))
      throw new OptionsError(at, `must be a word of letters, digits, points and dashes, got ${kindOf(name)}.`)
  }
}

/** The check of rate-limit rules. */
export const rateLimitRules: Check = (value, path) => {
  if (typeof value !== 'object' || value === null)
    throw new OptionsError(path, `must be \`false\` or rules such as \`githubLimits\`, got ${shown(value)}.`)
  rules(value, path)
}

const rules = members({
  counters: listOf(counter),
  throttles: listOf(throttle),
  wait: complete(members({ member: shortText, unit: oneOf('s', 'ms') }), 'member', 'unit'),
  shouldRetry: headerName,
  scopes,
})
