import { parsePlain, readJson } from './json.ts'
import { elementsOf, endOfValue, membersOf, skipSpace } from './json-span.ts'
import { type Answer, type Failure, failureFrom, isCode, paramOf, UNKNOWN } from './rpc-answer.ts'
import { skipBom } from './skip-bom.ts'

/** The value of an answer that is known to be a success; `undefined` if the answer is not whole. */
export function readJsonSuccess(text: string): Answer | undefined {
  const value = plainly(text)
  return value === undefined ? readScanned(text, skipBom(text)) : { type: 'success', value }
}

// Members other than the result, as servers write them. They are short: the longest is an identifier.
const BESIDE = '"(?:jsonrpc|id|error)"\\s*:\\s*(?:null|-?\\d{1,15}|"[\\w .:-]{0,64}")\\s*'
const BEFORE = new RegExp(`\uFEFF*\\s*\\{\\s*(?:${BESIDE},\\s*)*"result"\\s*:`, 'y')
const BEHIND = new RegExp(`\\s*(?:,\\s*${BESIDE})*\\}\\s*$`)
/** Most characters of the other members. */
const BEHIND_LENGTH = 512

/**
 * Reads the value with `JSON.parse`, which is many times as fast as any other parser; `undefined` if it cannot read the value, or
 * there are more members than servers write. It gets only the value, so that no second `result` counts.
 */
function plainly(text: string): unknown {
  BEFORE.lastIndex = 0
  if (!BEFORE.test(text)) return undefined
  const start = BEFORE.lastIndex
  const from = Math.max(start, text.length - BEHIND_LENGTH)
  const behind = BEHIND.exec(text.slice(from))
  if (behind === null) return undefined
  try {
    return parsePlain(text.slice(start, from + behind.index), text) ?? undefined
  } catch {
    return undefined
  }
}

function readScanned(text: string, begin: number): Answer | undefined {
  const end = endOfValue(text, begin)
  if (end < 0 || skipSpace(text, end) !== text.length) return undefined
  const start = find(text, begin, 'result')
  // If the only `result` is null, the value is null, provided that the answer is JSON.
  const value = start === undefined ? readJson(text) && null : valueAt(text, start)
  return value === undefined ? undefined : { type: 'success', value }
}

/** Reads an answer that is known to be a failure, as far as possible. */
export function readJsonFailure(text: string): Failure {
  const start = find(text, skipBom(text), 'error')
  if (start === undefined) return failureFrom([])
  switch (text[start]) {
    case '[':
      return failureFrom(listAt(text, start))
    case '{':
      return readErrorObject(text, start)
    default: {
      const raw = valueAt(text, start)
      if (raw === undefined) return failureFrom([])
      const error = paramOf(raw)
      return isCode(error) ? failureFrom([error]) : { type: 'failure', code: UNKNOWN, params: [], message: error }
    }
  }
}

/** JSON-RPC 2.0: `{"code":1,"message":"HOST_IS_SLAVE","data":["10.0.0.2"]}`; the number has no meaning. */
function readErrorObject(text: string, at: number): Failure {
  let code: unknown
  let params: readonly unknown[] | undefined
  for (const { key, start } of membersOf(text, at)) {
    if (key === 'message') code ??= valueAt(text, start)
    if (key === 'data') params ??= text[start] === '[' ? listAt(text, start) : [valueAt(text, start) ?? null]
  }
  const data = params?.length === 1 && params[0] === null ? [] : (params ?? [])
  return failureFrom([code ?? '', ...data])
}

/** The start of the first value of that name that is not null. */
function find(text: string, at: number, wanted: string): number | undefined {
  for (const { key, start } of membersOf(text, at)) {
    if (key === wanted && text[start] !== 'n') return start
  }
  return undefined
}

function valueAt(text: string, start: number): unknown {
  const end = endOfValue(text, start)
  return end < 0 ? undefined : readJson(text.slice(start, end))
}

/** The values of a list up to the first that is cut off. */
function listAt(text: string, at: number): unknown[] {
  const list: unknown[] = []
  for (const start of elementsOf(text, at)) {
    const value = valueAt(text, start)
    if (value === undefined) break
    list.push(value)
  }
  return list
}
