import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const pages = globSync(['*.md', 'docs/*.md', 'decisions/*.md', 'benchmarks/{*,storm/*}.md', 'packages/*/README.md'], {
  cwd: root,
})
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
/** A page without its examples. */
const proseOf = (page: string): string => read(page).replaceAll(/^```.*?^```/gms, '')

/** Folders in which the path of a source file may begin: a decision names a file as its package does. */
const folders = ['.', 'packages/core/src', ...globSync('packages/*', { cwd: root })]

/** The files that a path in a page may mean. */
const filesOf = (page: string, path: string): readonly string[] =>
  [dirname(page), ...folders].map((folder) => join(folder, path)).filter((file) => existsSync(join(root, file)))

/** The anchor of a heading, as hosts of repositories make it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

test('every link of a page leads to a file, and to a heading of it', () => {
  const missing = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^(https?|mailto):/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#')
        const file = path === '' ? page : join(dirname(page), path)
        if (!existsSync(join(root, file))) return true
        const headings = anchor === undefined ? [] : [...read(file).matchAll(/^#+ (.*)$/gm)]
        return anchor !== undefined && !headings.some(([, heading = '']) => anchorOf(heading) === anchor)
      })
      .map((target) => `${page}: ${target}`),
  )
  expect(missing).toEqual([])
})

test('README.md leads to every page in docs', () => {
  const readme = read('README.md')
  const missing = globSync('docs/*.md', { cwd: root }).filter((page) => !readme.includes(`](${page})`))
  expect(missing).toEqual([])
})

test('every page in docs begins with a sentence, before any example, table, list or section', () => {
  const missing = globSync('docs/*.md', { cwd: root }).filter(
    (page) => !/^# .+\n\n(?!```|\d+\.|[#|<\-\s])/.test(read(page)),
  )
  expect(missing).toEqual([])
})

test('every source file that a page names is there', () => {
  // Behind the name of a repository, `owner/name`, it is a file of that one.
  const missing = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/(?<!\w\/[\w.-]+\s)`([\w.-]+(?:\/[\w.-]+)+\.(?:ts|mjs|json|sh))`/g)]
      .map(([, path = '']) => path)
      .filter((path) => filesOf(page, path).length === 0)
      .map((path) => `${page}: ${path}`),
  )
  expect(missing).toEqual([])
})

test('every function that ARCHITECTURE.md names beside its file is in it', () => {
  const page = 'ARCHITECTURE.md'
  const missing = [...proseOf(page).matchAll(/`([\w./-]+\.ts)` \(`(\w+)`\)/g)].flatMap(([, path = '', name = '']) => {
    const isThere = filesOf(page, path).some((file) => new RegExp(`\\b${name}\\b`).test(read(file)))
    return isThere ? [] : [`${path}: ${name}`]
  })
  expect(missing).toEqual([])
})

test('what the README says of an outage stands in the last results', () => {
  const [, scenario = ''] = /^1b: .*\n.*\n((?:.+\n)+)/m.exec(read('benchmarks/results/storm.md')) ?? []
  const results = scenario
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))
    .map(([client, success, , load, recovery]) => [client, `${Math.round(Number(success))} %`, load, recovery])
  const rows = [...read('README.md').matchAll(/^\| (.+) \| (\d+ %) \| ([\d.]+) \| ([\d.]+) \|$/gm)].map((row) =>
    row.slice(1),
  )
  expect(rows.length).toBeGreaterThan(5)
  expect(results).toEqual(expect.arrayContaining(rows))
})
