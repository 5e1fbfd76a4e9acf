import type { XenApi } from '@holdfast/xenapi/client'
import { median, shuffle } from 'simple-statistics'
import { commandLine } from '../../scripts/command-line.ts'
import { answers } from './records.ts'

/** Reading of long answers: everything from the bytes to the value. Rounds in which everybody takes a turn, ratios within one. */
const { json: asJson, quick } = commandLine('Usage: pnpm -s bench:xenapi [--json] [--quick]', {
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
}).values
// Whoever asks for the usage need not wait for all of it to be loaded.
const { createXenApi } = await import('@holdfast/xenapi/client')

const written = answers(quick ? 5_000 : 35_000)
const encode = (text: string) => new TextEncoder().encode(text)
const bytes = { json: encode(written.json), xml: encode(written.xml) }
const session = {
  json: '{"jsonrpc":"2.0","result":"OpaqueRef:1","id":1}',
  xml: '<methodResponse><params><param><value><struct><member><name>Status</name><value>Success</value></member><member><name>Value</name><value>OpaqueRef:1</value></member></struct></value></param></params></methodResponse>',
}

function pool(format: 'json' | 'xml'): XenApi {
  const fetch = async (_: unknown, init?: RequestInit) => {
    const isSession = String(init?.body).includes('session.')
    return new Response(isSession ? session[format] : bytes[format])
  }
  return createXenApi({ url: 'https://xen.example', username: 'u', password: 'p', format, fetch })
}

const [byJson, byXml] = [pool('json'), pool('xml')]
const turns = {
  parse: async () => JSON.parse(await new Response(bytes.json).text()),
  json: () => byJson.call('VM.get_all_records'),
  xml: () => byXml.call('VM.get_all_records'),
}
type Turn = keyof typeof turns

async function cpuOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

const rounds: Record<Turn, number>[] = []
for (let round = -1; round < (quick ? 3 : 7); round++) {
  const read: Record<Turn, number> = { parse: 0, json: 0, xml: 0 }
  for (const turn of shuffle(['parse', 'json', 'xml'] as Turn[])) read[turn] = await cpuOf(turns[turn])
  if (round >= 0) rounds.push(read)
}
await byJson.close()
await byXml.close()

const ratio = (of: Turn, to: Turn) => Math.round(median(rounds.map((round) => round[of] / round[to])) * 1_000) / 1_000
const row = (name: string, value: number, goal: number) => ({ name, value, unit: '×', goal, holds: value <= goal })
const mib = (text: string) => `${Math.round(text.length / 1_048_576)} MiB`
const rows = [
  row(`${mib(written.json)} of JSON, to JSON.parse of its text`, ratio('json', 'parse'), 1.05),
  row(`${mib(written.xml)} of XML, to the same data as JSON`, ratio('xml', 'json'), 3),
]
if (asJson) console.log(JSON.stringify(rows, undefined, 2))
else
  for (const { name, value, goal, holds } of rows)
    console.log(`${name}: ${value} ×, goal ${goal}${holds ? '' : ', missed'}`)
