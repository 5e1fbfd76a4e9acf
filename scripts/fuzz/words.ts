import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

/** Parts of the formats, and bytes that are not text. */
const common = [
  '{', '}', '[', ']', ':', ',', '"', '\\', '\\u', '\\ud800', '\\u0000', 'null', 'true', 'NaN', '-Infinity',
  '<', '>', '</', '/>', '<?xml version="1.0"?>', '<!--', '-->', '<![CDATA[', ']]>', '<!DOCTYPE a>', '&#65;', '&#x41;', '&amp;',
  '%41', '%', '\r\n', '\n', '\t', ' ', '\0', '\x1e', '\x1d', ': ', '; ', '&', '=', '#', '*', '!!', '---', '|', '- ', '  ',
  '\ufeff', '\u2028', '\u202e', 'é', '💥', 'İ', '__proto__', 'constructor', 'toString', 'length',
].map((word) => Buffer.from(word)) // biome-ignore format: a table

const noText = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0xef, 0xbb, 0xbf], [0xff, 0xfe], [0x1f, 0x8b]]

const literal = /'((?:[^'\\\n]|\\.){1,40})'|"([^"\n]{1,40})"|`([^`$\n]{1,40})`/g

/** Words for mutations: those of the formats, and every string in the sources that are measured. */
export function wordsFor(covers: RegExp): readonly Uint8Array[] {
  const sources = globSync('packages/*/src/**/*.ts', { cwd: root }).filter((path) => covers.test(path))
  const written = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(literal)].map(
      ([, one, other, third]) => one ?? other ?? third ?? '',
    ),
  )
  return [
    ...common,
    ...noText.map((bytes) => Buffer.from(bytes)),
    ...[...new Set(written)].map((word) => Buffer.from(word)),
  ]
}
