import Table from 'cli-table3'
import type { Screen } from './screen.ts'
import type { Played } from './system.ts'
import { type ServerCounts, sumOf, type Tally } from './tally.ts'
import { count, seconds } from './words.ts'

/** Shows what the client told its callers beside what the server counted. */
export function showTable(played: readonly Played[], screen: Screen): void {
  const table = new Table({
    chars: lines,
    colAligns: ['left', ...Array.from({ length: 10 }, () => 'right' as const)],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  const over = (content: string, colSpan: number) => ({ content, colSpan, hAlign: 'left' as const })
  table.push(['', over('calls', 4), over('attempts', 2), over('logins', 2), over('changes', 2)])
  table.push(['scene', 'made', 'ok', 'failed', 'refused', 'sent', 'seen', 'told', 'seen', 'told', 'seen', 'waited'])
  for (const { name, tally, seen } of played) table.push(row(name, tally, seen))
  const total = sumOf(played.map(({ tally }) => tally))
  if (total !== undefined && played.length > 1) {
    table.push(row('total', total, sumOf(played.flatMap(({ seen }) => seen ?? []))))
  }
  for (const line of table.toString().split('\n')) screen.print(line)
  screen.print()
  screen.paragraph(legend, { look: 'dim' })
}

const legend =
  'sent, told: by the client’s account. seen: by the server’s own count. 1?: one that may have been made, as the client said. waited: all callers together.'

function row(name: string, tally: Tally, seen: ServerCounts | undefined): string[] {
  const { calls, answered, failed, refused, attempts, logins, changed, maybeChanged, waited } = tally
  const asSeen = (many: number | undefined) => (many === undefined ? '-' : String(many))
  const told = maybeChanged === 0 ? String(changed) : `${changed}+${maybeChanged}?`
  return [
    name,
    ...[calls, answered, failed, refused, attempts].map(String),
    asSeen(seen?.requests),
    String(logins),
    asSeen(seen?.logins),
    told,
    asSeen(seen?.changes),
    seconds(waited),
  ]
}

const lines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
}

/** Says whether every promise was kept, and which were not. */
export function showVerdict(played: readonly Played[], ms: number, screen: Screen): boolean {
  const checks = played.flatMap(({ name, checks }) => checks.map((check) => ({ ...check, name })))
  const broken = checks.filter(({ kept }) => !kept)
  screen.print()
  if (broken.length === 0) {
    const text = `All ${count(checks.length, 'promise')} kept (${count(played.length, 'scene')}, ${seconds(ms)}).`
    screen.paragraph(text, { look: ['green', 'bold'] })
  } else {
    screen.paragraph(`${broken.length} of ${count(checks.length, 'promise')} broken:`, { look: ['red', 'bold'] })
    for (const { name, promise } of broken) screen.paragraph(promise, { look: 'red', lead: `  ✘ ${name}: ` })
  }
  return broken.length === 0
}
