import type { ErrorRow, Fault } from '@holdfast/core/plugin'
import { spelt } from '../fault-of.ts'
import { parseReply } from '../parse-reply.ts'
import type { WireReply } from '../wire.ts'
import { sharesClient } from './many-at-once.ts'
import type { VendorSuiteOptions } from './options.ts'
import { type Requested, requestsFor } from './requests.ts'
import { type CaseInput, type CaseResult, type Observed, picked, runCase, withCases } from './run-case.ts'
import { namedHost, namedWait, type Sample, samplesOf } from './sample.ts'

/** The expected result and the actual one. */
export interface Comparison {
  readonly what: string
  readonly expected: unknown
  readonly actual: unknown
}

/** Tries rows with one client, one after the other. */
export const tryRows = (suite: VendorSuiteOptions, rows: readonly ErrorRow[]): Promise<Map<ErrorRow, Comparison[]>> =>
  withCases(suite, async (run) => {
    const tried = new Map<ErrorRow, Comparison[]>()
    for (const row of rows) tried.set(row, await tryShapes(suite, row, run))
    return tried
  })

/** Tries a row with a client of its own, or with one for each case if the client would remember the last case. */
export const tryRow = (suite: VendorSuiteOptions, row: ErrorRow): Promise<Comparison[]> =>
  sharesClient(row)
    ? withCases(suite, (run) => tryShapes(suite, row, run))
    : tryShapes(suite, row, (input) => runCase(suite, input))

/**
 * Tries a row, with a request that may be repeated and one that may not, in each shape that is read differently. Shapes that are
 * read alike are the same to the engine, so each row tries one of them in turn.
 */
async function tryShapes(
  suite: VendorSuiteOptions,
  row: ErrorRow,
  run: (input: CaseInput) => Promise<Observed>,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  const read = new Set<string>()
  const alike: [Sample, Requested][] = []
  const tryCases = async (sample: Sample, requested: Requested, most?: number) => {
    for (const { title, input, expected } of casesOf(suite, sample, requested).slice(0, most)) {
      const { result } = await run(input)
      const { method, url } = requested.request
      const what = `${title}, shape ${sample.shape}, ${method} ${url}`
      comparisons.push({ what, expected, actual: picked(result, expected) })
    }
  }
  for (const sample of samplesOf(suite, row)) {
    const requests = requestsFor(suite, sample)
    const meanings = requests.map((requested) => meaningOf(suite, sample, requested))
    if (meanings.every((meaning) => read.has(meaning))) {
      alike.push(...requests.slice(0, 1).map((requested): [Sample, Requested] => [sample, requested]))
    } else {
      for (const requested of requests) await tryCases(sample, requested)
    }
    for (const meaning of meanings) read.add(meaning)
  }
  const shown = alike[suite.vendor.catalogue.rows.indexOf(row) % alike.length]
  if (shown !== undefined) await tryCases(...shown, 1)
  return comparisons
}

/** Everything that the engine learns from a reply, and may do with its request. */
function meaningOf(suite: VendorSuiteOptions, { reply }: Sample, { request, repeatable }: Requested): string {
  const headers = [...new Headers(reply.headers)].filter(([name]) => name !== 'content-type')
  const fault = parseReply(suite.vendor, reply, request.method, request.url)
  return JSON.stringify([reply.status, headers, fault, repeatable])
}

const pairsOf = (suite: VendorSuiteOptions, row: ErrorRow): [Sample, Requested][] =>
  samplesOf(suite, row).flatMap((sample) =>
    requestsFor(suite, sample).map((each): [Sample, Requested] => [sample, each]),
  )

const isRepeatable = ([, { repeatable }]: [Sample, Requested]) => repeatable

interface Case {
  readonly title: string
  readonly input: CaseInput
  readonly expected: Partial<CaseResult>
}

/** The expected reaction of the engine to a row: the table of decisions, seen from outside. */
function casesOf(suite: VendorSuiteOptions, sample: Sample, { request, repeatable }: Requested): Case[] {
  const { row, reply } = sample
  const fault = parseReply(suite.vendor, reply, request.method, request.url)
  const settled = fault?.settled === true
  const outcome = outcomeOf(row, reply, fault)
  const once = { title: 'once, then success', input: { request, replies: [reply] } }
  // The suite does not know if a request that may be repeated changes anything.
  const done: Partial<CaseResult> = repeatable ? { outcome } : { outcome, mayBeDone: outcome === 'unknown' }
  const threw: Partial<CaseResult> = { ...failed(row), ...done, attempts: 1, logins: 0 }
  switch (row.kind) {
    case 'retryable': {
      // Reading work that has ended again would show the same.
      if (settled) return [{ ...once, expected: { ...threw, reason: 'settled' } }]
      const mayRepeat = repeatable || outcome === 'rejected'
      const expected = mayRepeat ? succeeded(2) : { ...threw, reason: 'not-repeatable' }
      return [{ ...once, expected }]
    }
    case 'auth': {
      if (!row.reauth || suite.vendor.auth === undefined || settled)
        return [{ ...once, expected: { ...threw, reason: 'auth' } }]
      // Work had begun before the session was rejected, so the request must not be repeated after a login.
      if (outcome === 'unknown' && !repeatable) return [{ ...once, expected: threw }]
      // Every fresh session is rejected: the next login follows at once, and two more are paced.
      const always = { title: 'always', input: { request, replies: [reply, reply, reply, reply] } }
      return [
        { ...once, expected: succeeded(2, 1) },
        { ...always, expected: { ...threw, reason: 'auth', attempts: 4, logins: 3 } },
      ]
    }
    case 'conflict': {
      const accepting = { title: 'with acceptAchieved', input: { ...once.input, options: { acceptAchieved: true } } }
      const failing = { ...once, expected: { ...threw, reason: 'conflict' } }
      return row.achieved ? [failing, { ...accepting, expected: { ...succeeded(1), ok: true } }] : [failing]
    }
    case 'fatal':
      return [{ ...once, expected: { ...threw, reason: 'fatal' } }]
  }
}

/** The row's outcome, except for a job, which had begun, and for a gateway, which may pass on an older code. */
function outcomeOf(row: ErrorRow, { status }: WireReply, fault: Fault | undefined): ErrorRow['outcome'] {
  const isOfGateway = (status === 502 || status === 504) && row.status !== status
  return fault?.inTask || isOfGateway ? 'unknown' : row.outcome
}

const succeeded = (attempts: number, logins = 0): Partial<CaseResult> => ({ end: 'returned', attempts, logins })

const failed = ({ kind, code, hint }: ErrorRow): Partial<CaseResult> => ({
  end: 'threw',
  kind,
  code: spelt(code),
  hint,
})

/** Tries a row that names another host: it is asked once if it is trusted, and never otherwise. */
export async function tryReroute(suite: VendorSuiteOptions, row: ErrorRow): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const [{ shape, reply }, { request }] of pairsOf(suite, row).filter(isRepeatable)) {
    const own = new URL(request.url).host
    for (const trusted of [true, false]) {
      const input = { request, replies: [reply], options: { trustedHosts: trusted ? [namedHost] : [] } }
      const { result, hosts } = await runCase(suite, input)
      comparisons.push({
        what: `${trusted ? 'trusted' : 'untrusted'} host, shape ${shape}`,
        expected: trusted ? { end: 'returned', hosts: [own, namedHost] } : { end: 'threw', hosts: [own] },
        actual: { end: result.end, hosts: hosts.map((host) => (host === own ? host : host.replace(/:\d+$/, ''))) },
      })
    }
  }
  return comparisons
}

/** Tries a row that names a wait: the next attempt must not come earlier. */
export async function tryWait(suite: VendorSuiteOptions, row: ErrorRow): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const [{ shape, reply }, { request }] of pairsOf(suite, row).filter(isRepeatable)) {
    const { waited } = await runCase(suite, { request, replies: [reply] })
    const what = `the wait that the server names, shape ${shape}`
    comparisons.push({ what, expected: 'kept', actual: waited >= namedWait ? 'kept' : `${waited} ms of ${namedWait}` })
  }
  return comparisons
}
