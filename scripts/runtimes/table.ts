import type { Played } from './project/stories.ts'

const BEGIN = '<!-- runtimes: written by `pnpm runtimes --write` -->\n'
const END = '<!-- end of runtimes -->\n'

/** The table of what came of the stories, by runtime. */
export function tableOf(results: readonly (readonly [runtime: string, played: readonly Played[]])[]): string {
  const stories = [...new Set(results.flatMap(([, played]) => played.map(({ story }) => story)))]
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const rows = results.map(([runtime, played]) =>
    row([
      runtime,
      ...stories.map((story) => {
        const found = played.find((each) => each.story === story)
        return found !== undefined && found.failure === undefined ? 'yes' : 'no'
      }),
    ]),
  )
  return row(['runtime', ...stories]) + row(['---', ...stories.map(() => '---')]) + rows.join('')
}

/** A page with a table in the place for it. @throws {Error} for a page without that place. */
export function withTable(page: string, table: string): string {
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (start < 0 || end < start) throw new Error('The page has no place for the table of runtimes.')
  return `${page.slice(0, start)}${BEGIN}\n${table}\n${page.slice(end)}`
}
