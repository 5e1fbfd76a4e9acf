import { UsageError } from './usage.ts'

/** Bytes of a reply that are read at most. */
const MAX_BYTES = 16 * 1024 * 1024

/** All that comes, up to a bound. @throws {UsageError} where more comes. */
export async function readAll(chunks: AsyncIterable<Uint8Array | string>, name: string): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    const part = Buffer.from(chunk as Uint8Array)
    length += part.length
    if (length > MAX_BYTES) throw new UsageError(`${name} has more than ${MAX_BYTES} bytes, which no error has.`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const STATUS_LINE = /^HTTP\/\d(?:\.\d)? +(\d{3})(?: (.*))?$/
/** Statuses that a reply cannot have a body with. */
const BODILESS: readonly number[] = [204, 205, 304]

/**
 * The reply that `curl -i` has printed, or one around a body. Of several, as after a redirect or a proxy's own, the last.
 *
 * @param status of a body that stands alone.
 * @throws {UsageError} for a line that is no header, and a status that is none.
 */
export function replyOf(bytes: Uint8Array, status: number): Response {
  let rest = Buffer.from(bytes)
  let head: Head | undefined
  while (rest.subarray(0, 5).toString('latin1') === 'HTTP/') {
    const end = endOfHead(rest)
    head = headOf(rest.subarray(0, end).toString('latin1'))
    rest = rest.subarray(end)
  }
  const { status: code, headers } = head ?? { status, headers: new Headers({ 'content-type': typeOf(rest) }) }
  if (code < 200 || code > 599) throw new UsageError(`A reply has a status from 200 to 599, got ${code}.`)
  return new Response(BODILESS.includes(code) ? null : Uint8Array.from(rest), { status: code, headers })
}

interface Head {
  readonly status: number
  readonly headers: Headers
}

/** The place behind a head and its empty line. */
function endOfHead(bytes: Buffer): number {
  const marks = ['\r\n\r\n', '\n\n'].filter((mark) => bytes.includes(mark))
  return Math.min(bytes.length, ...marks.map((mark) => bytes.indexOf(mark) + mark.length))
}

function headOf(text: string): Head {
  const [first = '', ...lines] = text.trimEnd().split(/\r?\n/)
  const [, status] = STATUS_LINE.exec(first) ?? []
  if (status === undefined) throw new UsageError(`Line 1 is no status line: ${JSON.stringify(first.slice(0, 40))}.`)
  const headers = new Headers()
  for (const [index, line] of lines.entries()) {
    const [name, ...value] = line.split(':')
    try {
      if (value.length === 0) throw new Error('No colon.')
      headers.append((name ?? '').trim(), value.join(':').trim())
    } catch {
      // Its value may be a secret.
      throw new UsageError(`Line ${index + 2} is no header: "name: value" was expected, before an empty line.`)
    }
  }
  return { status: Number(status), headers }
}

/** The type that a body without headers most likely has. */
function typeOf(body: Buffer): string {
  const [first] = body.subarray(0, 1_000).toString('utf8').trimStart()
  if (first === '{' || first === '[') return 'application/json'
  return first === '<' ? 'text/xml' : 'text/plain'
}
