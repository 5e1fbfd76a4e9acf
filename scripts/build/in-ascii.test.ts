import { expect, it } from 'vitest'
import { escaped } from './in-ascii.ts'

it('a program in ASCII does what it did', () => {
  const program = "['ü…\u{1f600}', `—é`, '–\\n', /^[ä‹]$/u.test('‹'), /[\u{1f600}]/u.exec('\u{1f600}')[0]]"
  const written = escaped(program)
  expect(written).toMatch(/^[ -~]*$/)
  expect(new Function(`return ${written}`)()).toEqual(new Function(`return ${program}`)())
})
