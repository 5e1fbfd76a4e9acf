import Table from 'cli-table3'
import { type ClientCounts, type ServerCounts, sumOf } from './counts.ts'
import { count, seconds } from './messages.ts'
import type { Screen } from './screen.ts'
import type { ScenarioResult } from './system.ts'

/** Shows the counts of the client beside those of the server. */
export function showTable(results: readonly ScenarioResult[], screen: Screen): void {
  const table = new Table({
    chars: lines,
    colAligns: ['left', ...Array.from({ length: 10 }, () => 'right' as const)],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  const over = (content: string, colSpan: number) => ({ content, colSpan, hAlign: 'left' as const })
  table.push(['', over('calls', 4), over('attempts', 2), over('logins', 2), over('changes', 2)])
  table.push(['scenario', 'made', 'ok', 'failed', 'refused', 'sent', 'seen', 'made', 'seen', 'made', 'seen', 'waited'])
  for (const { name, client, server } of results) table.push(row(name, client, server))
  const total = sumOf(results.map(({ client }) => client))
  if (total !== undefined && results.length > 1) {
    table.push(row('total', total, sumOf(results.flatMap(({ server }) => server ?? []))))
  }
  for (const line of table.toString().split('\n')) screen.print(line)
  screen.print()
  screen.paragraph(legend, { look: 'dim' })
}

const legend =
  'sent, made: counted by the client. seen: counted by the server. 1?: one that may have been made, as the client said. waited: all callers together.'

function row(name: string, client: ClientCounts, server: ServerCounts | undefined): string[] {
  const { calls, answered, failed, refused, attempts, logins, changed, maybeChanged, waited } = client
  const shown = (many: number | undefined) => (many === undefined ? '-' : String(many))
  const made = maybeChanged === 0 ? String(changed) : `${changed}+${maybeChanged}?`
  return [
    name,
    ...[calls, answered, failed, refused, attempts].map(String),
    shown(server?.requests),
    String(logins),
    shown(server?.logins),
    made,
    shown(server?.changes),
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

/** Shows how many promises were kept, and each one that was broken. Returns true if all were kept. */
export function showVerdict(results: readonly ScenarioResult[], ms: number, screen: Screen): boolean {
  const checks = results.flatMap(({ name, checks }) => checks.map((check) => ({ ...check, name })))
  const broken = checks.filter(({ kept }) => !kept)
  screen.print()
  if (broken.length === 0) {
    const text = `All ${count(checks.length, 'promise')} kept (${count(results.length, 'scenario')}, ${seconds(ms)}).`
    screen.paragraph(text, { look: ['green', 'bold'] })
  } else {
    screen.paragraph(`${broken.length} of ${count(checks.length, 'promise')} broken:`, { look: ['red', 'bold'] })
    for (const { name, promise } of broken) screen.paragraph(promise, { look: 'red', prefix: `  ✘ ${name}: ` })
  }
  return broken.length === 0
}
