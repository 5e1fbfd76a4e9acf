import {
  defineCatalogue,
  type ErrorRow,
  type Fault,
  type Reply,
  type RequestFacts,
  type Vendor,
} from '@holdfast/core/plugin'
import { expect, it, vi } from 'vitest'
import { fakeTimers, type VendorSuiteOptions, vendorSuite } from '../src/index.ts'
import { catalogue, documented, ferry, ticketOffice, wire } from './ferry.ts'

/** Runs the conformance suite with a test function that only takes notes, and names the tests that failed. */
async function failuresOf(options: Partial<VendorSuiteOptions>): Promise<string[]> {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = []
  const path: string[] = []
  const describe = (name: string, body: () => void) => {
    path.push(name)
    body()
    path.pop()
  }
  const test = (name: string, body: () => Promise<void>) =>
    void tests.push({ name: [...path.slice(1), name].join(' > '), body })
  const timers = fakeTimers(vi)
  vendorSuite({ describe, test }, { vendor: ferry(), documented, wire, timers, ...options } as VendorSuiteOptions)
  const failures: string[] = []
  for (const { name, body } of tests) {
    await body().catch((error: unknown) => failures.push(`${name}: ${String(error)}`))
  }
  return failures
}

/** The ferry line with one row changed, added or left out. */
function withRow(code: string, ...rows: readonly Record<string, unknown>[]): Vendor {
  const found = catalogue.rows.filter((row) => row.code === code)
  const changed = rows.map((row) => ({ ...found[0], ...row })) as unknown as ErrorRow[]
  const others = catalogue.rows.filter((row) => row.code !== code)
  return { ...ferry(), catalogue: defineCatalogue('ferry', [...others, ...changed]) as Vendor['catalogue'] }
}

/** The ferry line with a server that means something else by an error than the catalogue says. */
function parsing(change: (fault: Fault, reply: Reply) => Fault | undefined): Vendor {
  const vendor = ferry() as Vendor
  return {
    ...vendor,
    parse(reply) {
      const fault = vendor.parse(reply)
      return fault && change(fault, reply)
    },
  }
}

it('passes the sound vendor, with node:assert for want of an expect', async () => {
  expect(await failuresOf({})).toEqual([])
  expect(await failuresOf({ vendor: ferry(true) as Vendor, login: ticketOffice() })).toEqual([])
})

it('finds a documented error without a row, and one whose status differs', async () => {
  const failures = await failuresOf({ documented: [...documented, { code: 'ICEBERG' }, { code: 'FOG', status: 400 }] })
  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatch(/catalogue > has a row for every documented error[\s\S]*ICEBERG[\s\S]*FOG 400/)
})

it('finds a row without a source', async () => {
  const [failure, ...others] = await failuresOf({
    vendor: withRow('ICEBERG', { code: 'ICEBERG', kind: 'fatal', outcome: 'rejected', hint: 'Turn.' }),
  })
  expect(others).toEqual([])
  expect(failure).toMatch(/has no row without a source[\s\S]*ICEBERG/)
  const sourced = { code: 'ICEBERG', kind: 'fatal', outcome: 'rejected', hint: 'Turn.', source: 'the captain' }
  expect(await failuresOf({ vendor: withRow('ICEBERG', sourced) })).toEqual([])
})

it.each([
  ['no hint', 'FOG', { hint: ' ' }, 'FOG 500: has no hint'],
  ['a long hint', 'FOG', { hint: 'x'.repeat(121) }, '121 characters'],
  ['a hint of two lines', 'FOG', { hint: 'x\ny' }, 'more than one line'],
  ['a conflict that trips', 'DECK_FULL', { trips: true }, 'must not trip'],
])('finds %s', async (_, code, change, message) => {
  const failures = await failuresOf({ vendor: withRow(code, change) })
  expect(failures.find((failure) => failure.startsWith('catalogue > has rows that say all they must'))).toContain(
    message,
  )
})

it('finds an error that is not read, or read as another', async () => {
  const deaf = await failuresOf({ vendor: parsing((fault) => (fault.code === 'FOG' ? undefined : fault)) })
  expect(deaf[0]).toMatch(/parser > reads FOG 500 in every shape[\s\S]*in shape plain no fault is found/)
  const confused = parsing((fault) => (fault.code === 'FOG' ? { ...fault, code: 'DECK_FULL' } : fault))
  expect((await failuresOf({ vendor: confused }))[0]).toMatch(/it reads as DECK_FULL 409/)
})

it('finds a shape that is missing, a lost parameter and a job that is not marked', async () => {
  const mute = { plain: (fault: Fault) => (fault.code === 'FOG' ? undefined : wire.plain(fault)) }
  expect((await failuresOf({ wire: mute }))[0]).toContain('no shape of the wire can carry FOG 500')
  const [lost] = await failuresOf({ vendor: parsing(({ params: _, ...fault }) => fault) })
  expect(lost).toMatch(/reads HARBOUR_CLOSED 503[\s\S]*parameter seconds, which the engine acts on, is lost/)
  const unmarked = await failuresOf({ vendor: parsing(({ inTask: _, ...fault }) => fault) })
  expect(unmarked[0]).toMatch(/reads PIER_BUSY 409[\s\S]*in shape voyage it is not marked as coming from a job/)
})

it('finds a parser that throws, that accuses what is fine, and that loses an unlisted code', async () => {
  const fragile = { ...(ferry() as Vendor), parse: ({ text }: Reply) => JSON.parse(text) as undefined }
  expect((await failuresOf({ vendor: fragile })).find((failure) => failure.includes('broken server'))).toContain(
    'SyntaxError',
  )
  const [accused] = await failuresOf({ fine: [{ status: 404, body: '{"code":"NO_SUCH_PORT"}' }] })
  expect(accused).toMatch(/finds no fault in what is fine[\s\S]*reads as NO_SUCH_PORT/)
  const closed = parsing((fault) => (catalogue.find(fault) ? fault : undefined))
  expect((await failuresOf({ vendor: closed }))[0]).toContain('keeps a code that the catalogue does not have')
  expect(await failuresOf({ vendor: closed, unlisted: false })).toEqual([])
})

it('finds a busy row that is not waited for, and an answer that holds nobody back', async () => {
  expect(await failuresOf({ vendor: withRow('PIER_BUSY', { busy: true, pauses: true }) })).toEqual([])
  const hasty = await failuresOf({ vendor: withRow('PIER_BUSY', { busy: true, outcome: 'unknown' }) })
  expect(hasty.map((failure) => failure.split(':')[0])).toContain(
    'engine > waits for the end of the work that PIER_BUSY 409 names',
  )
  const restless = parsing((fault) => (fault.code === 'HARBOUR_CLOSED' ? { ...fault, transient: false } : fault))
  const [unpaused] = (await failuresOf({ vendor: restless })).filter((failure) =>
    failure.includes('against the service'),
  )
  expect(unpaused).toMatch(/counts HARBOUR_CLOSED 503 against the service[\s\S]*isPaused/)
})

it('finds an unlisted code that is judged beside a status which speaks for itself', async () => {
  const deaf = parsing((fault) => (catalogue.find(fault) ? fault : { ...fault, status: 400 }))
  const failures = await failuresOf({ vendor: deaf })
  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatch(/to a status that speaks for itself[\s\S]*beside 429, shape plain/)
})

it('finds a vendor whose own rules contradict its rows', async () => {
  const titles = (failures: readonly string[]) => failures.map((failure) => failure.split(':')[0])
  const bold = await failuresOf({ vendor: { ...(ferry() as Vendor), isRepeatable: () => true } })
  expect(titles(bold)).toContain('engine > does what FOG 500 calls for')
  const timid = await failuresOf({ vendor: { ...(ferry() as Vendor), isRepeatable: () => false } })
  expect(titles(timid)).toEqual(['engine > does what FOG 500 calls for'])
  const harmless = await failuresOf({ vendor: { ...(ferry() as Vendor), isSafe: () => true } })
  expect(titles(harmless)).toContain('engine > does what ENGINE_FAILURE 500 calls for')
  const hopeless = await failuresOf({ vendor: parsing((fault) => ({ ...fault, transient: false })) })
  expect(titles(hopeless)).toContain('engine > does what PIER_BUSY 409 calls for')
})

it('finds an operation that is named by what its caller wrote', async () => {
  const naming = (operation: NonNullable<Vendor['operation']>) =>
    failuresOf({ vendor: { ...(ferry() as Vendor), operation } })
  for (const leaking of [
    ({ method, path }: RequestFacts) => `${method} ${path}`,
    ({ method }: RequestFacts) => method,
    ({ query }: RequestFacts) => query,
    ({ bodyText }: RequestFacts) => bodyText,
  ]) {
    const failures = await naming(leaking)
    expect(failures).toHaveLength(1)
    expect(failures[0]).toContain('engine > names an operation without a text of its caller')
  }
  expect(await naming(() => 'Ferry.sail')).toEqual([])
})

it('finds a breaker that is fed wrongly', async () => {
  // The engine never hears the vendor's word, so the bare status speaks, and a bare 503 trips.
  const failures = await failuresOf({ vendor: { ...(ferry() as Vendor), covers: () => false } })
  expect(failures.join('\n')).toContain('engine > does not count HARBOUR_CLOSED › berth.closed against the service')
})

it('finds a session that would leak, and credentials without a login', async () => {
  const open = { ...(ferry(true) as Vendor), secretHeaders: [] }
  const [leak, ...others] = await failuresOf({ vendor: open, login: ticketOffice() })
  expect(others).toEqual([])
  expect(leak).toMatch(/guards the session[\s\S]*header x-ticket carries a secret/)
  const failures = await failuresOf({ vendor: ferry(true) as Vendor })
  expect(failures.every((failure) => failure.includes('A vendor with credentials needs `login`.'))).toBe(true)
  expect(failures.length).toBeGreaterThan(10)
})

it('finds a session that is not shown, and a password that would be', async () => {
  const ticketed = ferry(true) as Vendor
  const withAuth = (changes: object): Vendor => ({ ...ticketed, auth: { ...ticketed.auth, ...changes } as never })
  const [deaf, ...others] = await failuresOf({ vendor: withAuth({ sign: () => {} }), login: ticketOffice() })
  expect(others).toEqual([])
  expect(deaf).toMatch(/guards the session[\s\S]*a signed request shows no secret/)
  const credentials = () => ({ name: 'Ishmael', password: 'white-whale' })
  const [open] = await failuresOf({ vendor: withAuth({ credentials }), login: ticketOffice() })
  expect(open).toMatch(/guards the session[\s\S]*the credentials’ password is neither/)
})

it('says so where a login is not answered', async () => {
  const closed = () => new Response(null, { status: 404 })
  const failures = await failuresOf({ vendor: ferry(true) as Vendor, login: closed })
  expect(failures.join('\n')).toContain('Does `login` answer the login?')
})

it('finds a family that is spelt as documents spell it, and takes one for each of its members', async () => {
  const row = { kind: 'fatal', outcome: 'unknown', hint: 'Call the engineer.', status: 500, source: 'the log' }
  const [failure] = await failuresOf({ vendor: withRow('LEAK-2xx', { code: 'LEAK-2xx', ...row }) })
  expect(failure).toContain('LEAK-2xx 500: is a family in the document’s words: write LEAK-2*')
  const family = { vendor: withRow('LEAK-2*', { code: 'LEAK-2*', ...row }) }
  expect(await failuresOf({ ...family, documented: [...documented, { code: 'LEAK-217', status: 500 }] })).toEqual([])
})

it('finds logins that do not help, or are not enough', async () => {
  const vendor = ferry(true) as Vendor
  const unsigned = { ...vendor, covers: ({ method }: { method: string }) => method === 'GET' }
  const failures = await failuresOf({ vendor: unsigned, login: ticketOffice() })
  expect(failures.join('\n')).toContain('engine > does what TICKET_EXPIRED 401 calls for')
})

it('finds a function that cannot take whatever a request holds', async () => {
  const verifyWith = ({ bodyText }: RequestFacts) => `GET /tickets?name=${encodeURIComponent(bodyText ?? '')}`
  const failures = await failuresOf({ vendor: { ...ferry(), verifyWith } as Vendor })
  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatch(/engine > asks about whatever request there may be[\s\S]*verifyWith of .*URIError/)
})
