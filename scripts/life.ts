import { readFileSync, writeFileSync } from 'node:fs'
import { Session as Inspector, type Profiler } from 'node:inspector/promises'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { type Fetch, resilient } from '@holdfast/core'
import { defineCatalogue, defineVendor, type Vendor } from '@holdfast/core/plugin'
import { commandLine } from './command-line.ts'

const PAGE = 'ARCHITECTURE.md'
const BEGIN = '<!-- life: written by `node scripts/life.ts --write` -->'
const END = '<!-- /life -->'
const SOURCE = /packages\/core\/src\/(?<file>.+)$/

const catalogue = defineCatalogue('store', [
  { code: 'SESSION_ENDED', status: 401, kind: 'auth', outcome: 'rejected', reauth: true, hint: 'Log in again.' },
])

/** A vendor that logs in at `/login` and shows its token in a header. */
const store = (): Vendor =>
  defineVendor({
    name: 'store',
    catalogue,
    origins: ['https://store.example'],
    parse: ({ status }) => (status === 401 ? { code: 'SESSION_ENDED', status } : undefined),
    auth: {
      credentials: () => ({ username: 'ann', password: 'secret' }),
      async open(_, transport) {
        const token = await (await transport.send('/login', { method: 'POST' })).text()
        return { token, secrets: [token] }
      },
      sign: ({ headers }, { secrets }) => headers.set('x-token', secrets[0] ?? ''),
    },
  })

/** A `fetch` that gives a numbered token for each login, and these statuses for all else. */
function answers(...statuses: readonly number[]): Fetch {
  let [logins, others] = [0, 0]
  return async (input) =>
    String(input).endsWith('/login')
      ? new Response(`token-${++logins}`)
      : new Response('', { status: statuses[others++] ?? 200 })
}

const url = 'https://store.example/items'
const quick = { backoff: { fast: { base: 1, limit: 1 } }, jitter: 'none' } as const

/** Makes the client of a scenario, and gives the request to be watched. */
type Scenario = () => Promise<() => Promise<unknown>>

const scenarios: Readonly<Record<string, Scenario>> = {
  'A GET that succeeds': async () => {
    const client = resilient(answers(), {})
    return () => client(url)
  },
  'One 503 that is retried': async () => {
    const client = resilient(answers(503), { retry: quick })
    return () => client(url)
  },
  'An expired session that is renewed': async () => {
    const client = resilient(answers(200, 401), { vendor: store() })
    await client(url)
    return () => client(url)
  },
}

type Ran = ReadonlyMap<string, readonly string[]>

/** Runs the scenarios and writes them down, file by file: all functions of the first, and for the others those beyond it. */
async function lifeOf(): Promise<string> {
  const parts: string[] = []
  let plain: Ran | undefined
  for (const [title, scenario] of Object.entries(scenarios)) {
    const ran = functionsByFile(await watch(await scenario()))
    const count = [...ran.values()].reduce((sum, names) => sum + names.length, 0)
    const beyond = plain === undefined ? '' : ' Beyond the plain GET:'
    parts.push(`### ${title}\n\n${ran.size} files, ${count} functions.${beyond}\n\n| file | functions |\n|---|---|`)
    parts.push(`${rowsOf(plain === undefined ? ran : beyondOf(ran, plain))}\n`)
    plain ??= ran
  }
  return parts.join('\n')
}

const rowsOf = (ran: Ran): string =>
  [...ran].map(([file, names]) => `| ${file} | ${names.map((name) => `\`${name}\``).join(', ')} |`).join('\n')

const beyondOf = (ran: Ran, plain: Ran): Ran =>
  new Map(
    [...ran]
      .map(([file, names]) => [file, names.filter((name) => !plain.get(file)?.includes(name))] as const)
      .filter(([, names]) => names.length > 0),
  )

/** The page with its section replaced. */
function withLife(page: string, life: string): string {
  const [before = '', rest = ''] = page.split(BEGIN)
  const [, after = ''] = rest.split(END)
  return `${before}${BEGIN}\n\n${life}\n${END}${after}`
}

// On a busy machine seconds pass in the middle of a call, and what is done once a second does not belong to a call.
// Whole, because some times are rounded down.
const started = Math.trunc(performance.now())
let looks = 0
performance.now = () => started + ++looks / 100

async function watch(request: () => Promise<unknown>): Promise<readonly Profiler.ScriptCoverage[]> {
  const inspector = new Inspector()
  inspector.connect()
  await inspector.post('Profiler.enable')
  await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  try {
    await request()
    return (await inspector.post('Profiler.takePreciseCoverage')).result
  } finally {
    inspector.disconnect()
  }
}

/** Names of the functions that ran, in the order in which they stand in their file. Those without a name are left out. */
function functionsByFile(scripts: readonly Profiler.ScriptCoverage[]): Ran {
  const ran = new Map<string, readonly string[]>()
  for (const { url, functions } of scripts) {
    const file = SOURCE.exec(url)?.groups?.file
    const names = functions
      .filter(({ ranges: [range], functionName }) => (range?.count ?? 0) > 0 && /^[^<]/.test(functionName))
      .map(({ functionName }) => functionName.replace(/^get /, ''))
    if (file !== undefined && names.length > 0) ran.set(file, [...new Set(names)])
  }
  return new Map([...ran].sort(([one], [other]) => order(one) - order(other) || (one < other ? -1 : 1)))
}

const FOLDERS = 'loop call request state session endpoints admit attempt http classify decide act'.split(' ')

/** Place of a file's folder in a call's life; files outside of these folders come first. */
const order = (file: string): number => FOLDERS.indexOf(file.split('/')[0] ?? '')

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const flag = { type: 'boolean', default: false } as const
  const { values } = commandLine('Usage: node scripts/life.ts [--write] [--check]', {
    options: { write: flag, check: flag },
  })
  const life = await lifeOf()
  const page = readFileSync(PAGE, 'utf8')
  if (values.write) writeFileSync(PAGE, withLife(page, life))
  else if (!values.check) console.log(life)
  else if (withLife(page, life) !== page) throw new Error(`${PAGE} is out of date: node scripts/life.ts --write`)
}
