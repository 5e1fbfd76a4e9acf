import { expect, it } from 'vitest'
import { urlPart } from '../src/plugin.ts'

it.each([
  ['vm-7', 'vm-7'],
  ['a/b?c#d', 'a%2Fb%3Fc%23d'],
  ['ä%', '%C3%A4%25'],
  // Half of a character, which a server may have sent in JSON.
  ['a\ud800', 'a%EF%BF%BD'],
])('%j as a part of a URL is %s', (text, part) => {
  expect(urlPart(text)).toBe(part)
})
