import { createReadStream } from 'node:fs'
import { suggestion } from '@holdfast/core/plugin'
import { codesTold, otherVendorOf, thrownTold } from './aside.ts'
import { type Answer, readAll, replyOf } from './reply.ts'
import { selectionOf } from './selection.ts'
import type { Terminal } from './terminal.ts'
import { parse, UsageError } from './usage.ts'
import { type Known, load, NOWHERE, vendorNames } from './vendors.ts'
import { type Answers, inWords } from './wording.ts'

const text = { type: 'string' } as const
const OPTIONS = {
  reply: text,
  method: text,
  url: text,
  data: text,
  status: text,
  json: { type: 'boolean', default: false },
} as const

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/** Runs `holdfast explain`. @returns its exit code. */
export async function explain(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parse(args, OPTIONS)
  const { reply, json } = values
  const status = statusOf(values.status)
  const ask = askerFor(values)
  const tell = (answered: readonly (readonly [string, Answers])[]) =>
    terminal.write(
      json
        ? `${JSON.stringify(answered.flatMap(([vendor, answers]) => Object.values(answers).map((one) => ({ vendor, ...one }))))}\n`
        : answered.map((each) => inWords(...each)).join('\n'),
    )
  if (reply !== undefined) {
    const known = await vendorOf(positionals)
    const bytes = await readAll(reply === '-' ? terminal.stdin : createReadStream(reply), reply)
    const answer = replyOf(bytes, reply, status)
    const answers = await ask(known, () => answer.reply.clone())
    await checkReply(answer, known, answers, reply)
    tell([[known.catalogue.vendor, REDIRECTS.includes(answer.reply.status) ? ofRedirect(answers) : answers]])
    const other = await otherVendorOf(known, answers, answer.text, (one) => ask(one, () => answer.reply.clone()))
    if (other !== undefined) terminal.complain(`Its words are those of ${other}: explain it for that vendor.\n`)
    else if (isFine(answers)) terminal.complain(codesTold(answer.text, known).trimStart())
    return 0
  }
  const { found, complaints } = await whoLists(positionals)
  tell(
    await Promise.all(
      found.map(async ({ known, code }) => {
        const subject = { code, ...(status !== undefined && { status }) }
        return [known.catalogue.vendor, await ask(known, () => subject)] as const
      }),
    ),
  )
  for (const complaint of complaints) terminal.complain(`${complaint}\n`)
  return complaints.length > 0 ? 1 : 0
}

const isFine = (answers: Answers): boolean => Object.values(answers).every(({ verdict }) => verdict === undefined)

/** @throws {UsageError} for a text that is no reply, because nobody may say of it that nothing is wrong. */
async function checkReply({ hasStatus, text }: Answer, known: Known, answers: Answers, name: string): Promise<void> {
  if (hasStatus) return
  if (known.isRpc ? !/^\s*[{[<]/.test(text) : Object.values(answers).some(({ verdict }) => verdict === undefined))
    throw new UsageError(
      `${known.isRpc ? `No answer is in ${name}` : `No error is in ${name}, and its status is not known`}: ` +
        `pass the head as well, as \`curl -i\` prints it, or --status.${codesTold(text, known) || (await thrownTold(text))}`,
    )
}

/** Its address may hold a secret. */
const ofRedirect = (answers: Answers): Answers =>
  Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      answer.verdict === undefined
        ? { ...answer, why: 'A redirect, and no error: the answer is at its `location`, which `curl -L` follows.' }
        : answer,
    ]),
  )

/** Asks a vendor about the request that the options name, or else about one that reads and one that changes something. */
function askerFor({ method, url, data }: Partial<Record<keyof typeof OPTIONS, unknown>>) {
  const given = typeof url === 'string' ? [atNowhere(url)] : undefined
  const isNamed = method !== undefined || data !== undefined
  const named = {
    ...(typeof method === 'string' && { method: method.toUpperCase() }),
    ...(typeof data === 'string' && { body: data }),
  }
  return async (
    { client, requests, urls }: Known,
    subject: () => Parameters<typeof client.explain>[0],
  ): Promise<Answers> => {
    const asked = Object.entries(isNamed ? { [named.method ?? 'POST']: named } : requests)
    const answersAt = async (url: string): Promise<Answers> => {
      const answers = asked.map(async ([name, request]) => [name, await client.explain(subject(), { ...request, url })])
      return Object.fromEntries(await Promise.all(answers))
    }
    const all = await Promise.all((given ?? urls).map(answersAt))
    const isKnown = (answers: Answers) => Object.values(answers).some(({ verdict }) => verdict?.source === 'vendor')
    return all.find(isKnown) ?? all[0] ?? {}
  }
}

async function vendorOf(positionals: readonly string[]): Promise<Known> {
  const [name = '', ...more] = positionals
  const known = await load(name)
  if (known === undefined || more.length > 0) {
    const all = ` There are ${vendorNames.join(', ')}; http is any other API.`
    const near = known === undefined ? suggestion(name, vendorNames) || all : ''
    throw new UsageError(`A reply is explained for one vendor, got ${positionals.join(' ') || 'none'}.${near}`)
  }
  return known
}

/** The vendors that list each code, and an error for each code that none lists. */
async function whoLists(positionals: readonly string[]) {
  const { vendor, known, codes, complaintOf } = await selectionOf(positionals)
  if (codes.length === 0) throw new UsageError('A code is missing, or `--reply -` for a reply that is piped in.')
  const lists = async ({ catalogue, client }: Known, code: string): Promise<boolean> => {
    if (catalogue.rows.some((row) => row.code === code) || catalogue.find({ code }) !== undefined) return true
    // A status is an answer of every vendor, so one that is named may be asked about it.
    return vendor !== undefined && (await client.explain({ code })).verdict?.source !== 'unlisted'
  }
  const pairs = codes.flatMap((code) => known.map((each) => ({ known: each, code })))
  const isListed = await Promise.all(pairs.map((pair) => lists(pair.known, pair.code)))
  const found = pairs.filter((_, index) => isListed[index])
  const complaints = codes.filter((code) => !found.some((pair) => pair.code === code)).map(complaintOf)
  return { found, complaints }
}

function statusOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  if (/^[2-5]\d\d$/.test(given)) return Number(given)
  throw new UsageError(`--status takes a number from 200 to 599, got ${given}.`)
}

/** The same path and query at the host that all vendors here are for. */
function atNowhere(given: string): string {
  const parsed = URL.parse(given, NOWHERE)
  if (parsed === null) throw new UsageError('--url takes a URL, or a path that begins with a slash.')
  return `${NOWHERE}${parsed.pathname}${parsed.search}`
}
