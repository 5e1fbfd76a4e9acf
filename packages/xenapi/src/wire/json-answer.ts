import { parsePlain, readJson } from './json.ts'
import { elementsOf, endOfValue, membersOf, skipSpace } from './json-span.ts'
import { type Answer, type Failure, failureFrom, isCode, paramOf, UNKNOWN } from './rpc-answer.ts'
import { skipBom } from './skip-bom.ts'

/** The value of an answer that is known to be a success; `undefined` if the answer is not whole. */
export function readJsonSuccess(text: string): Answer | undefined {
  const begin = skipBom(text)
  const value = plainly(begin === 0 ? text : text.slice(begin))
  return value === undefined ? readScanned(text, begin) : { type: 'success', value }
}

/**
 * Reads the value by `JSON.parse`, which is many times as fast as any other reader; `undefined` where it cannot read the
 * answer, or would take another `result` than the first.
 */
function plainly(text: string): unknown {
  const first = text.indexOf('"result"')
  if (first < 0 || text.includes('"result"', first + 1) || text.includes('\\u00')) return undefined
  try {
    const answer = parsePlain(text) as { readonly result?: unknown }
    return Object.hasOwn(answer, 'result') ? answer.result : undefined
  } catch {
    return undefined
  }
}

function readScanned(text: string, begin: number): Answer | undefined {
  const end = endOfValue(text, begin)
  if (end < 0 || skipSpace(text, end) !== text.length) return undefined
  const start = find(text, begin, 'result')
  // Without a `result` but null, the value is null, if the answer is JSON.
  const value = start === undefined ? readJson(text) && null : valueAt(text, start)
  return value === undefined ? undefined : { type: 'success', value }
}

/** Reads an answer that is known to be a failure, as far as it can be read. */
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

/** JSON-RPC 2.0: `{"code":1,"message":"HOST_IS_SLAVE","data":["10.0.0.2"]}`; the number says nothing. */
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
