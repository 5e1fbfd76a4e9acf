import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { Result } from '../job.ts'
import { scenarios } from '../scenarios/index.ts'
import { pictureOf } from './picture.ts'

/** Puts the tables and a picture for each scenario into `benchmarks/results`. */
export async function write(table: string, results: readonly Result[], command: string): Promise<void> {
  const folder = new URL('../../results/', import.meta.url)
  rmSync(new URL('storm', folder), { recursive: true, force: true })
  mkdirSync(new URL('storm', folder), { recursive: true })
  const played = scenarios.filter(({ name }) => results.some(({ scenario }) => scenario === name))
  for (const scenario of played) {
    const own = results.filter((result) => result.scenario === scenario.name)
    writeFileSync(new URL(`storm/${scenario.name}.svg`, folder), await pictureOf(scenario, own))
  }
  const links = played.map(({ name, title }) => `- [${name}: ${title}](storm/${name}.svg)`)
  const text = ['# Storm', '', `\`${command}\``, '', '```', table, '```', '', ...links, '']
  writeFileSync(new URL('storm.md', folder), text.join('\n'))
}
