import { decodedBytes, Pieces } from './decoded-bytes.ts'
import { DecodedText } from './decoded-text.ts'

/** Most layers of escapes that are decoded: for example JSON in a JSON string in an HTML page. */
const LAYERS = 3
/** The same within encoded bytes. */
const LAYERS_OF_BYTES = 2
/** Most layers of encoded bytes: for example Basic credentials in a token. */
const DEEPEST_BYTES = 2

// JSON's and JavaScript's escapes, a shell's, XML's and HTML's, percent encoding, and the zeros of UTF-16 read as UTF-8. A
// backslash before another escape goes with it: each of the two alone would cost the text a layer.
const ESCAPE =
  /[\\%]u([\da-f]{4})|\\u\{([\da-f]{1,6})\}|\\x([\da-f]{2})|\\?&#(\d{1,7});?|\\?&#x([\da-f]{1,6});?|\\?&([a-z]{2,8});|\\?((?:%[\da-f]{2})+)|\\([bfnrt -/:-@[-`{-~])|\0/gi
const LITERALS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
// Characters that passwords and tokens consist of; other names are of letters that are rarely escaped.
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', plus: '+', equals: '=', sol: '/', bsol: '\\' },
  ...{ num: '#', percnt: '%', commat: '@', colon: ':', semi: ';', comma: ',', period: '.', excl: '!', quest: '?' },
  ...{ dollar: '$', lowbar: '_', hyphen: '-', ast: '*', lpar: '(', rpar: ')', lsqb: '[', rsqb: ']', lcub: '{' },
  ...{ rcub: '}', verbar: '|', grave: '`', auml: 'ä', ouml: 'ö', uuml: 'ü', szlig: 'ß', eacute: 'é', egrave: 'è' },
  ...{
    agrave: 'à',
    ccedil: 'ç',
    ntilde: 'ñ',
    lsaquo: '‹',
    rsaquo: '›',
    laquo: '«',
    raquo: '»',
    ndash: '–',
    mdash: '—',
  },
}

/** The text itself, with one layer of escapes after the other decoded, and the bytes that are encoded in any of these. */
export const decodings = (text: string): readonly DecodedText[] => allOf(new DecodedText(text), 0)

function allOf(whole: DecodedText, depth: number): readonly DecodedText[] {
  const all = [whole]
  for (let layer = 0; layer < (depth === 0 ? LAYERS : LAYERS_OF_BYTES); layer++) {
    const last = all.at(-1)
    const next = last && undone(last)
    if (next === undefined) break
    all.push(next)
  }
  if (depth === DEEPEST_BYTES) return all
  const bytes = all.flatMap((one) => decodedBytes(one).map((pieces) => one.with(pieces, true)))
  return [...all, ...bytes.flatMap((one) => allOf(one, depth + 1))]
}

/**
 * A secret as it appears in a text whose escapes were decoded: if the secret itself contains something like an escape, that was
 * decoded as well.
 */
export function withEscapesUndone(secret: string): readonly string[] {
  if (undone(new DecodedText(secret)) === undefined) return [secret]
  const inJson = JSON.stringify(secret).slice(1, -1)
  const inJsonTwice = JSON.stringify(inJson).slice(1, -1)
  const inMarkup = secret.replaceAll('&', '&amp;')
  return [...new Set([secret, inJson, inJsonTwice, inMarkup].flatMap(layersOf))]
}

function layersOf(secret: string): readonly string[] {
  const all = [new DecodedText(secret)]
  for (let layer = 0; layer < LAYERS; layer++) {
    const next = undone(all.at(-1) as DecodedText)
    if (next === undefined) break
    all.push(next)
  }
  return all.map(({ text }) => text)
}

/** The text with one layer of escapes decoded; `undefined` if there are none. */
function undone(whole: DecodedText): DecodedText | undefined {
  let pieces: Pieces | undefined
  ESCAPE.lastIndex = 0
  for (let match = ESCAPE.exec(whole.text); match !== null; match = ESCAPE.exec(whole.text)) {
    pieces ??= new Pieces()
    addMeaning(pieces, match)
  }
  return pieces && whole.with(pieces)
}

function addMeaning(pieces: Pieces, match: RegExpExecArray): void {
  const [whole, unicode, braced, byte, decimal, hex, entity, percent, literal] = match
  if (percent !== undefined) {
    const start = match.index + whole.length - percent.length
    if (start > match.index) pieces.add('', match.index, start)
    return addPercentDecoded(pieces, percent, start)
  }
  const code = unicode ?? braced ?? byte ?? hex
  const piece =
    code !== undefined
      ? fromCode(Number.parseInt(code, 16))
      : decimal !== undefined
        ? fromCode(Number(decimal))
        : literal !== undefined
          ? (LITERALS[literal] ?? literal)
          : entity !== undefined
            ? (ENTITIES[entity.toLowerCase()] ?? whole)
            : ''
  pieces.add(piece, match.index, match.index + whole.length)
}

const fromCode = (code: number): string => (code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code))

/** A run of percent escapes decoded as UTF-8, each character with its escapes. */
function addPercentDecoded(pieces: Pieces, run: string, start: number): void {
  const bytes = new Uint8Array(run.length / 3)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(run.slice(at * 3 + 1, at * 3 + 3), 16)
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0
    const length = Math.min(lengthOf(first), bytes.length - at)
    const piece =
      length === 1 && first < 0x80 ? String.fromCharCode(first) : decoder.decode(bytes.subarray(at, at + length))
    pieces.add(piece, start + at * 3, start + (at + length) * 3)
    at += length
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Number of bytes of the UTF-8 character that begins with this byte. */
const lengthOf = (byte: number): number => (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1)
