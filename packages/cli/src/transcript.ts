import { stripVTControlCharacters } from 'node:util'

/** A reply as a tool has printed it. Its characters are the bytes. */
export interface Printed {
  /** The status line, and the lines of the header. */
  readonly head: readonly string[]
  readonly body: string
}

/**
 * `curl -v` marks what was received with "< ", and `wget -S` with two spaces; behind a body without a line end a head stands in its
 * last line.
 */
const STATUS = /(?:^|(?<=[^\s(]))(< | {2}|)HTTP\/\d(?:\.\d)? +\d{3}(?: [^\n]*)?\r{0,2}(?:\n|$(?![\s\S]))/gm
/** The line after a status line: a field, or the empty line. */
const NEXT = /(?:[<*] *| {2})?(?:[\w-]+ *:|\r{0,2}(?:\n|$(?![\s\S])))/y
/** Lines of `curl -v` and `wget` about themselves. */
const REMARK =
  /^\r*(?:[*<>](?: |$)|[{}] \[\d+ bytes data\]| *% Total| +Dload| *\d+ .* [\d-]+:[\d-]+:[\d-]+ |--\d{4}-|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d |Saving to: |Length: | +\d+K[ .])/
/** Behind a body without a line end, on a terminal. */
const FAREWELL = /\* (?:Connection #\d+ to host|Closing connection)[^\n]*/g

/**
 * The last reply in what `curl -i`, `curl -v`, HTTPie or `wget -S` has printed: the requests, the answers of proxies and the
 * redirects before it are left out. `undefined` where there is none.
 */
export function lastReplyIn(given: string): Printed | undefined {
  const text = given.includes('\u001b[') ? stripVTControlCharacters(given) : given
  return lastHeadIn(text) ?? lastLoggedIn(text)
}

function lastHeadIn(text: string): Printed | undefined {
  let start: RegExpExecArray | undefined
  for (const match of text.matchAll(STATUS)) if (isHead(text, match)) start = match
  if (start === undefined) return undefined
  const [, mark = ''] = start
  const rest = text.slice(start.index)
  if (mark === '' && !/^[*<>] /m.test(text.slice(0, start.index))) return plain(rest)
  return marked(linesOf(rest), mark)
}

/** A reply in the log of OpenStack's clients (keystoneauth1 session.py): status and header on one line, the body on another. */
const LOGGED = /\bRESP: \[(\d{3})\](.*)/
const LOGGED_BODY = /\bRESP BODY: (?!Omitted, )(.*)/

function lastLoggedIn(text: string): Printed | undefined {
  const lines = linesOf(text)
  const at = lines.findLastIndex((line) => LOGGED.test(line))
  const [, status, fields = ''] = LOGGED.exec(lines[at] ?? '') ?? []
  if (status === undefined) return undefined
  const [, body = ''] = LOGGED_BODY.exec(lines.slice(at).find((line) => LOGGED_BODY.test(line)) ?? '') ?? []
  return { head: [`HTTP/1.1 ${status}`, ...(fields.trim().match(/[\w-]+: .*?(?= [\w-]+: |$)/g) ?? [])], body }
}

/** A terminal ends a line with one more CR. */
export const linesOf = (text: string): readonly string[] => text.split(/\r{0,2}\n/)

/** In the middle of a line, or before a line that is no field, the words are those of a body. */
function isHead(text: string, { index, 0: line }: RegExpExecArray): boolean {
  NEXT.lastIndex = index + line.length
  const isEnd = NEXT.lastIndex === text.length
  return isEnd ? index === 0 || text[index - 1] === '\n' : NEXT.test(text)
}

function plain(text: string): Printed {
  const { index, 0: gap } = /\r{0,2}\n\r{0,2}(?:\n|$(?![\s\S]))/.exec(text) ?? { index: text.length, 0: '' }
  return { head: linesOf(text.slice(0, index)), body: text.slice(index + gap.length) }
}

/** A head whose lines are marked, or stand among marked ones, and a body among remarks. */
function marked(lines: readonly string[], mark: string): Printed {
  const isOfHead = (line: string) => (mark === '' ? line !== '' : line.startsWith(mark) && line.trim() !== mark.trim())
  const isRemark = (line: string) => REMARK.test(line) && !(mark !== '' && line.startsWith(mark))
  const end = lines.findIndex((line) => !isOfHead(line) && !isRemark(line))
  const [first, behind] = end < 0 ? [lines, []] : [lines.slice(0, end), lines.slice(end)]
  const body = behind.filter((line, index) => !REMARK.test(line) && !(index === 0 && line === ''))
  return {
    head: first.filter((line) => !isRemark(line)).map((line) => line.slice(mark.length)),
    body: body.join('\n').replace(FAREWELL, ''),
  }
}
