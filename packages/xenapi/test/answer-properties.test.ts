import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from '../src/parse.ts'
import { readAnswer } from '../src/wire/answer.ts'
import { sniffer } from '../src/wire/sniff.ts'
import { anyText, mutated, written } from './answers.ts'
import { requestTo } from './facts.ts'

const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 })

/** What the sniffer says to a body that comes in chunks of these sizes, over and over. */
function sniffed(text: string, chunks: readonly number[]): string {
  const bytes = new TextEncoder().encode(text)
  const sniff = sniffer()
  let finding = 'more'
  for (let at = 0, turn = 0; at < bytes.length && finding === 'more'; turn++) {
    const size = Math.max(chunks[turn % chunks.length] ?? 1, turn % chunks.length === 0 ? 1 : 0)
    finding = sniff(bytes.subarray(at, at + size))
    at += size
  }
  return finding
}

const whole = (text: string) => sniffer()(new TextEncoder().encode(text))

describe('answers of every format', () => {
  it('are read as they were meant', () => {
    fc.assert(
      fc.property(written, ({ text, answer }) => {
        expect(readAnswer(text)).toEqual(answer)
      }),
      { numRuns: 1_000 },
    )
  })

  it('are known by their beginning, however they are cut', () => {
    fc.assert(
      fc.property(written, sizes, ({ text, answer }, chunks) => {
        expect(sniffed(text, chunks)).toBe(answer.type === 'success' ? 'fine' : 'fault')
      }),
      { numRuns: 500 },
    )
  })

  it('are never taken for the contrary where they are cut off', () => {
    fc.assert(
      fc.property(written, fc.double({ min: 0, max: 1, noNaN: true }), ({ text, answer }, part) => {
        const cut = text.slice(0, Math.floor(text.length * part))
        expect([answer.type, undefined]).toContain(readAnswer(cut)?.type)
        expect([answer.type === 'success' ? 'fine' : 'fault', 'more']).toContain(whole(cut))
      }),
      { numRuns: 500 },
    )
  })
})

describe('anything at all', () => {
  const anything = fc.oneof(
    mutated(written.map(({ text }) => text)),
    mutated(fc.constantFrom('', '<', '{', '{"error":', '<methodResponse><params><param><value>')),
    anyText,
    fc.json(),
  )

  it('is read the same whole and by its beginning, however it is cut', () => {
    fc.assert(
      fc.property(anything, sizes, (text, chunks) => {
        const finding = sniffed(text, chunks)
        expect(whole(text)).toBe(finding)
        const type = readAnswer(text)?.type
        if (type === 'failure') expect(finding).toBe('fault')
        if (type === 'success') expect(finding).toBe('fine')
        if (finding === 'fault' && !/^\uFEFF*HTTP\//.test(text)) expect(type).toBe('failure')
        if (finding === 'more') expect(type).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })

  it('makes no fault without a code or with parameters that are no texts', () => {
    const pages = fc.constantFrom(
      '<html><body><h1>HTTP 500 internal server error</h1>Sorry.<h1> Additional information </h1>A: [ b; c ]</body></html>',
      'HTTP/1.1 500 Internal Error\r\n\r\n<html><body><h1>HTTP 401 unauthorised</h1></body></html>',
    )
    fc.assert(
      fc.property(
        fc.oneof(anything, mutated(pages)),
        fc.constantFrom(200, 202, 302, 400, 401, 403, 500, 503),
        fc.boolean(),
        (text, status, complete) => {
          const fault = parse({ status, text, complete, headers: new Headers(), request: requestTo('/', 'POST') })
          if (fault === undefined) return
          expect(fault.code).not.toBe('')
          expect(fault.status).toBe(status)
          expect(fault.params?.every((param) => typeof param === 'string') ?? true).toBe(true)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
