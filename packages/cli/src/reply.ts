import { brotliDecompressSync, unzipSync, zstdDecompressSync } from 'node:zlib'
import { lastReplyIn, linesOf } from './transcript.ts'
import { UsageError } from './usage.ts'

/** Most bytes of a reply that are read. */
const MAX_BYTES = 16 * 1024 * 1024

/** The whole input. @throws {UsageError} if it is too long or cannot be read. */
export async function readAll(chunks: AsyncIterable<Uint8Array | string>, name: string): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of chunks) {
      const part = Buffer.from(chunk as Uint8Array)
      length += part.length
      if (length > MAX_BYTES) throw new UsageError(`${name} has more than ${MAX_BYTES} bytes, which no error has.`)
      parts.push(part)
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new UsageError('path' in error ? error.message : `${name}: ${error.message}`)
  }
  return Buffer.concat(parts)
}

const STATUS_LINE = /^HTTP\/\d(?:\.\d)? +(\d{3})(?: (.*))?$/
/** Statuses of replies without a body. */
const BODILESS: readonly number[] = [204, 205, 304]

/** A reply, and a flag that says if its status is known. */
export interface Answer {
  readonly reply: Response
  readonly hasStatus: boolean
  /** Its body, decoded. */
  readonly text: string
}

/**
 * The reply that a tool has printed, or one around a body. Of several, as after a redirect or a proxy's own, the last.
 *
 * @param name of the input, for errors.
 * @param status of a body that stands alone.
 * @throws {UsageError} for an input without a reply, a line that is no header, and a status that is none.
 */
export function replyOf(bytes: Uint8Array, name: string, status: number | undefined): Answer {
  const text = textIn(bytes).replace(/^\s*\n/, '')
  if (text.trim() === '' && status === undefined)
    throw new UsageError(
      `${name} is empty: where there was no answer, \`curl -sS\` says why, and \`curl -s\` does not.`,
    )
  const isWhole = text.startsWith('HTTP/')
  if (isWhole && status !== undefined) throw new UsageError('--status is for a body alone: this reply has its status.')
  const printed =
    status === undefined
      ? (lastReplyIn(text) ?? (isWhole ? { head: linesOf(text.trimEnd()), body: '' } : undefined))
      : undefined
  const given = Buffer.from(printed?.body ?? text, 'latin1')
  const { status: code, headers } =
    printed === undefined
      ? { status: status ?? 200, headers: new Headers({ 'content-type': typeOf(given) }) }
      : headOf(printed.head)
  const body = withoutTail(decoded(given, headers.get('content-encoding')))
  if (code < 200 || code > 599) throw new UsageError(`A reply has a status from 200 to 599, got ${code}.`)
  const reply = new Response(BODILESS.includes(code) ? null : Uint8Array.from(body), { status: code, headers })
  return { reply, hasStatus: (printed ?? status) !== undefined, text: body.toString() }
}

/** The body without its coding, which `curl` leaves as it is; unchanged if a tool has decoded it. */
function decoded(body: Buffer, coding: string | null): Buffer {
  const decode = coding === 'br' ? brotliDecompressSync : coding === 'zstd' ? zstdDecompressSync : unzipSync
  try {
    return coding === null ? body : decode(body, { maxOutputLength: MAX_BYTES })
  } catch {
    return body
  }
}

const ENDS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '<': '>', '"': '"' }

/** The body up to the end of its document: behind it a terminal shows a prompt, and a script what it says. */
function withoutTail(body: Buffer): Buffer {
  const text = body.toString('latin1')
  const end = ENDS[text.trimStart().charAt(0)]
  return end === undefined ? body : body.subarray(0, text.lastIndexOf(end) + 1)
}

/** The bytes as characters. An editor or PowerShell may have written UTF-16, or a mark before UTF-8. */
function textIn(bytes: Uint8Array): string {
  const [first = 0, second = 0, third = 0] = bytes
  const mark = (first << 8) | second
  if (mark === 0xfffe || mark === 0xfeff) {
    const text = new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be').decode(bytes)
    return Buffer.from(text).toString('latin1')
  }
  return Buffer.from(mark === 0xefbb && third === 0xbf ? bytes.subarray(3) : bytes).toString('latin1')
}

function headOf([first = '', ...lines]: readonly string[]): { readonly status: number; readonly headers: Headers } {
  const [, status, reason = ''] = STATUS_LINE.exec(first.trimEnd()) ?? []
  if (status === undefined) throw new UsageError(`Line 1 is no status line: ${JSON.stringify(first.slice(0, 40))}.`)
  if (status === '200' && /^connection established$/i.test(reason.trim()))
    throw new UsageError('The last reply is the answer of a proxy to CONNECT: that of the server is not there.')
  const headers = new Headers()
  for (const [index, line] of lines.entries()) {
    const [name, ...value] = line.split(':')
    try {
      if (value.length === 0) throw new Error('No colon.')
      headers.append((name ?? '').trim(), value.join(':').trim())
    } catch {
      // The value may be a secret.
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
