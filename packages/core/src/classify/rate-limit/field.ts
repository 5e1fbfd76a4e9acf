import type { Quota } from '../../contract/rate-limit/quota.ts'
import { meant } from './reset.ts'

/** One item of a `RateLimit` or `RateLimit-Policy` field. */
type Item = { readonly name: string; readonly params: ReadonlyMap<string, number> }

// A parser of structured fields (RFC 9651) does far more: `structured-headers` adds 2.2 kB to every bundle, and throws.
const NAME = /\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z*][\w!#$%&'*+.^`|~:/-]*))/y
const PARAM = /\s*;\s*([a-z*][\w.*-]*)(?:=("(?:[^"\\]|\\.)*"|:[\w+/=]*:|[^\s;,"]+))?/y
const NEXT = /\s*(?:,|$)/y

/** Most characters and items of a field: a larger one is a mistake or an attack. */
const LONGEST = 4_096
const MOST = 32

/**
 * Reads the IETF's `RateLimit` field: a list such as `"burst";r=0;t=5` (draft-ietf-httpapi-ratelimit-headers from its
 * eighth version on), or `limit=100, remaining=0, reset=5` (the seventh). As the draft demands, an invalid field
 * is ignored.
 *
 * @returns what is left of each limit.
 */
export function readRateLimit(field: string, policies: string | null): readonly Quota[] {
  if (field.length > LONGEST) return []
  if (/^\s*(?:limit|remaining|reset)\s*=/.test(field)) return readMembers(field)
  const items = readItems(field) ?? []
  // The policy only adds the limit, and parsing it costs time, so few callers give it.
  const sizes = policies === null || policies.length > LONGEST ? [] : (readItems(policies) ?? [])
  return items.map(({ name, params }) => ({
    remaining: params.get('r'),
    resetAfter: inMilliseconds(params.get('t')),
    limit: sizes.find((policy) => policy.name === name)?.params.get('q'),
  }))
}

function readMembers(field: string): readonly Quota[] {
  const read = (name: string) => {
    const found = new RegExp(`(?:^|,)\\s*${name}=(\\d{1,15})\\s*(?=,|$)`).exec(field)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  return [{ remaining: read('remaining'), resetAfter: inMilliseconds(read('reset')), limit: read('limit') }]
}

const inMilliseconds = (seconds: number | undefined): number | undefined =>
  meant(seconds === undefined ? undefined : seconds * 1_000)

function readItems(field: string): readonly Item[] | undefined {
  const items: Item[] = []
  for (let at = 0; at < field.length; ) {
    const name = matchAt(NAME, field, at)
    if (name === null || items.length === MOST) return undefined
    at = NAME.lastIndex
    const params = new Map<string, number>()
    for (let param = matchAt(PARAM, field, at); param !== null; param = matchAt(PARAM, field, at)) {
      at = PARAM.lastIndex
      const [, key = '', value = ''] = param
      if (/^\d{1,15}$/.test(value)) params.set(key, Number(value))
    }
    if (matchAt(NEXT, field, at) === null) return undefined
    at = NEXT.lastIndex
    items.push({ name: name[1] ?? name[2] ?? '', params })
  }
  return items
}

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at
  return form.exec(text)
}
