import { expect, it } from 'vitest'
import { textOfChunks } from '../src/attempt/read.ts'

const mark = [0xef, 0xbb, 0xbf]
const letters = [0x61, 0xc3, 0xa9]

it.each([
  ['is left out at the beginning', [...mark, ...letters], 'aé'],
  [
    'is kept amid the text, where broken bytes go before it',
    [0xef, 0xbb, ...letters, ...mark, 0x62],
    '\ufffdaé\ufeffb',
  ],
  ['is kept where it comes twice', [...mark, ...mark, 0x62], '\ufeffb'],
])('a byte order mark %s, wherever the chunks end', (_, bytes, text) => {
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(textOfChunks([Uint8Array.from(bytes.slice(0, cut)), Uint8Array.from(bytes.slice(cut))])).toBe(text)
  }
})
