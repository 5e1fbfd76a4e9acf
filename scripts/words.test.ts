import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findNames, findSummaries, findWords, wordsOut } from './words.ts'

const out = wordsOut(readFileSync('GLOSSARY.md', 'utf8'))
const linesOf = (text: string, path = 'packages/core/src/x.ts') => findWords(path, text, out).map(({ line }) => line)

describe('a word that is out', () => {
  it('is read from the glossary', () => {
    expect(out).toContain('door')
    expect(out).toContain('KeySnapshot')
    expect(out).not.toContain('endpoint')
  })

  it.each([
    ['an identifier', 'const door = 1'],
    ['the beginning of one', 'const doorOf = 1'],
    ['the middle of one', 'const nextDoorOf = 1'],
    ['a comment', '// asks at the next door'],
    ['a doc comment', '/** The next door. */'],
    ['the title of a test', "it('asks at the next door', run)"],
    ['a type', 'let x: KeySnapshot'],
  ])('is found in %s', (_, text) => {
    expect(linesOf(`const fine = 1\n${text}`)).toEqual([2])
  })

  it.each([
    ['in a longer word', 'const doorbell = outdoor'],
    ['as a name with another beginning', 'let x: AnyMessage | string'],
    ['in a string, which is data', "const host = 'door1.example'"],
    ['in the middle of a longer string', "const text = 'a door // it is'"],
  ])('is let pass %s', (_, text) => {
    expect(linesOf(text)).toEqual([])
  })

  it('is found anywhere in a page', () => {
    expect(linesOf('One.\nThe `peers` of a vendor.', 'README.md')).toEqual([2])
  })
})

describe('a name that is out', () => {
  const names = wordsOut(readFileSync('GLOSSARY.md', 'utf8'), 'Names that are out')
  const found = (text: string) => findNames('packages/core/src/x.ts', text, names).map(({ line }) => line)

  it.each([
    'const said = 1',
    'return said.length',
    'told(said)',
    'const { told } = it',
    '(told) => told',
    'say(...told)',
  ])('is found: %s', (text) => {
    expect(found(`// said\n${text}`)).toContain(2)
  })

  it.each(['// what was said', 'const unsaid = saidOnce', "throw new Error('told')", 'x.told()', '`it has told us`'])(
    'is let pass: %s',
    (text) => {
      expect(found(text)).toEqual([])
    },
  )
})

describe('a summary', () => {
  it.each(['/** What it is. */', '/**\n * Whether it is.\n */', '  /** How long. */'])('is refused: %j', (text) => {
    expect(findSummaries('x.ts', text)).toHaveLength(1)
  })

  it.each(['/** The length. */', '/** Whatever it is. */', '/** True where it is. What else. */', '// What it is.'])(
    'is taken: %j',
    (text) => {
      expect(findSummaries('x.ts', text)).toEqual([])
    },
  )
})
