import { globSync, readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'

/** A word that must not stand in a file, or a summary that begins wrongly. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly text: string
}

/** Files with an old word in an honest meaning, or not yet done. */
const ALLOWED: readonly (readonly [files: RegExp, words: readonly string[]])[] = [
  // The name of a command, and of the packages for benchmarks.
  [/^README[.]md$|^benchmarks\//, ['bench']],
  // A message is what vCenter's own errors consist of.
  [/^packages\/vsphere\/src\/simulator\//, ['Message']],
  // The user's own directory.
  [/^packages\/keystone\//, ['home']],
  // Redirects of HTTP are counted so.
  [/^packages\/core\/src\/attempt\/redirect[.]ts$/, ['hops']],
]

const SOURCES = ['packages/*/{src,test}/**/*.ts', '{examples,benchmarks}/**/*.ts']
const PAGES = [
  'README.md',
  'docs/*.md',
  'ADDING-A-VENDOR.md',
  'ARCHITECTURE.md',
  'decisions/*.md',
  'benchmarks/{*,storm/*}.md',
  'packages/*/README.md',
]
const BAD_BEGINNING = /\/\*\*\s*(?:\*\s*)?((?:What|Whether|How|Who|Whom|Whose|Where|Which|When|Why)\b[^\n]*)/g
/** Comments, test titles and strings, each whole; the alternatives in this order take care of one within another. */
const TOKEN =
  /(\/\*[\s\S]*?\*\/|\/\/[^\n]*)|(?<=\b(?:it|test|describe)\()('[^'\n]*')|('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/g

/** The words of a table of the glossary: those in backquotes in its first column. */
export function wordsOut(glossary: string, title = 'Words that are out'): readonly string[] {
  const table = glossary.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? ''
  return [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
  )
}

/** Finds words that are out in the code, comments and test titles of a source file, or in all of a page. */
export function findWords(path: string, text: string, out: readonly string[]): readonly Finding[] {
  const lower = text.toLowerCase()
  const possible = out.filter((word) => lower.includes(word.toLowerCase()))
  if (possible.length === 0) return []
  const pattern = new RegExp(possible.map(patternOf).join('|'), 'g')
  // Other strings are data: what servers say, and names of hosts.
  const searched = path.endsWith('.md') ? text : text.replace(TOKEN, keepProse)
  return [...searched.matchAll(pattern)].map(({ 0: word, index }) => ({
    path,
    line: lineAt(text, index),
    text: `\`${word}\` is out: see GLOSSARY.md`,
  }))
}

/** Finds names in the code of a source file that are out as names, and fine in sentences such as those of templates. */
export function findNames(path: string, text: string, out: readonly string[]): readonly Finding[] {
  if (path.endsWith('.md')) return []
  const names = new RegExp(
    `(?<!\\w|[^.][.]|\\b(?:is|are|was|were|has|have|been) )(?:${out.join('|')})(?!\\w| \\w)`,
    'g',
  )
  const code = text.replace(TOKEN, withoutText)
  return [...code.matchAll(names)].map(({ 0: name, index }) => ({
    path,
    line: lineAt(text, index),
    text: `\`${name}\` says little as a name: see GLOSSARY.md`,
  }))
}

/** Finds doc comments of a source file whose summary begins with a question word. */
export function findSummaries(path: string, text: string): readonly Finding[] {
  return [...text.matchAll(BAD_BEGINNING)].map(({ index, 1: summary = '' }) => ({
    path,
    line: lineAt(text, index),
    text: `a summary begins with a noun or a verb: ${summary}`,
  }))
}

const keepProse = (all: string, comment: string | undefined, title: string | undefined): string =>
  comment ?? title ?? withoutText(all)

const withoutText = (all: string): string => all.replaceAll(/[^\n]/g, ' ')

function patternOf(word: string): string {
  if (/[A-Z-]/.test(word)) return `(?<![\\w-])${word}(?![\\w-])`
  const capital = `${word.charAt(0).toUpperCase()}${word.slice(1)}`
  return `(?<![A-Za-z])${word}(?![a-z])|(?<![A-Z])${capital}(?![a-z])`
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

const isExempt = (path: string): boolean => /(^|\/)(catalogue|dist|node_modules)(\/|[.]ts$)/.test(path)

function check(): readonly Finding[] {
  const glossary = readFileSync('GLOSSARY.md', 'utf8')
  const out = wordsOut(glossary)
  const names = wordsOut(glossary, 'Names that are out')
  return globSync([...SOURCES, ...PAGES])
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !isExempt(path))
    .flatMap((path) => {
      const text = readFileSync(path, 'utf8')
      const allowed = ALLOWED.flatMap(([files, words]) => (files.test(path) ? words : []))
      const words = out.filter((word) => !allowed.includes(word))
      const isSource = /^packages\/[^/]+\/src\//.test(path)
      return [
        ...findWords(path, text, words),
        ...findNames(path, text, names),
        ...(isSource ? findSummaries(path, text) : []),
      ]
    })
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const found = check()
  for (const { path, line, text } of found) console.error(`${path}:${line}: ${text}`)
  if (found.length > 0) process.exitCode = 1
}
