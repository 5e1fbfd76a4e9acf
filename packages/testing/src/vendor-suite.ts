import { isDeepStrictEqual } from 'node:util'
import type { ErrorRow } from '@holdfast/core/plugin'
import { expectedGuards, guardsAfter } from './suite/check-breaker.ts'
import { tryBusy } from './suite/check-busy.ts'
import { findFlaws, findMissing, findStrays, labelOf } from './suite/check-catalogue.ts'
import { type Comparison, tryReroute, tryRow, tryRows, tryWait } from './suite/check-engine.ts'
import { findFlawsOfEndlessLogin } from './suite/check-login.ts'
import { findNamesOfCallers } from './suite/check-names.ts'
import { findAccused, findThrowing, findUnread } from './suite/check-parse.ts'
import { findThrowingRequests } from './suite/check-requests.ts'
import { findSecretsOfReply, findToldSecrets } from './suite/check-secrets.ts'
import { findFlawsOfSession } from './suite/check-session.ts'
import { tryUnlisted, tryUnlistedBesideStatuses } from './suite/check-unlisted.ts'
import { byAssertion, type TestFunctions } from './suite/functions.ts'
import { manyAtOnce, sharesClient } from './suite/many-at-once.ts'
import type { VendorSuiteOptions } from './suite/options.ts'

/**
 * The conformance suite, which every vendor must pass: its catalogue is complete and consistent, every error is read back in every shape, and
 * the real engine does with every error what its class says.
 *
 * @example
 * import { fakeTimers, vendorSuite } from '@holdfast/testing'
 * import { describe, expect, test, vi } from 'vitest'
 *
 * vendorSuite({ describe, test, expect }, {
 *   vendor: vsphere({ url: 'https://vc.example', username: 'u', password: 'p' }),
 *   documented,
 *   wire,
 *   login: ({ url, method }) => (url.endsWith('/api/session') && method === 'POST' ? Response.json('token', { status: 201 }) : undefined),
 *   timers: fakeTimers(vi),
 * })
 */
export function vendorSuite<Row extends ErrorRow>(functions: TestFunctions, options: VendorSuiteOptions<Row>): void {
  const suite: Suite = {
    ...functions,
    expect: functions.expect ?? byAssertion,
    options: options as unknown as VendorSuiteOptions,
  }
  suite.describe(`vendor ${options.vendor.name}`, () => {
    testCatalogue(suite)
    testParser(suite)
    testEngine(suite)
    testSecrets(suite)
  })
}

interface Suite extends Required<TestFunctions> {
  readonly options: VendorSuiteOptions
}

function testCatalogue({ describe, test, expect, options }: Suite): void {
  const { vendor, documented } = options
  const none = (name: string, find: () => string[]) => test(name, async () => void expect(find()).toEqual([]))
  describe('catalogue', () => {
    none('has a row for every documented error', () => findMissing(vendor.catalogue, documented))
    none('has no row without a source', () => findStrays(vendor.catalogue, documented))
    none('has rows that say all they must', () => findFlaws(vendor.catalogue))
  })
}

function testParser({ describe, test, expect, options }: Suite): void {
  describe('parser', () => {
    for (const row of options.vendor.catalogue.rows) {
      test(`reads ${labelOf(row)} in every shape`, async () => void expect(findUnread(options, row)).toEqual([]))
    }
    test('takes whatever a broken server sends', async () => void expect(findThrowing(options)).toEqual([]))
    test('finds no fault in what is fine', async () => void expect(findAccused(options)).toEqual([]))
    test('keeps a code that the catalogue does not have', async () => compare(expect, await tryUnlisted(options)))
    test('leaves a code that the catalogue does not have to a status that speaks for itself', async () => {
      compare(expect, await tryUnlistedBesideStatuses(options))
    })
  })
}

function testEngine({ describe, test, expect, options }: Suite): void {
  const shared = options.vendor.catalogue.rows.filter(sharesClient)
  const triedOf = manyAtOnce(shared, {
    atOnce: (rows) => tryRows(options, rows),
    alone: (row) => tryRow(options, row),
    isGood: (_, tried) => tried.every(({ expected, actual }) => isDeepStrictEqual(actual, expected)),
  })
  const guardsOf = manyAtOnce(shared, {
    atOnce: (rows) => guardsAfter(options, rows),
    alone: async (row) => (await guardsAfter(options, [row])).get(row),
    isGood: (row, guards) => isDeepStrictEqual(guards, expectedGuards(options, row)),
  })
  describe('engine', () => {
    for (const row of options.vendor.catalogue.rows) {
      const label = labelOf(row)
      const waits = row.kind === 'retryable' && row.wait !== undefined && options.timers !== undefined
      const isBusy = row.kind === 'retryable' && row.busy === true && options.timers !== undefined
      const reroutes = row.kind === 'retryable' && row.reroute !== undefined
      if (reroutes)
        test(`asks the host that ${label} names`, async () => compare(expect, await tryReroute(options, row)))
      else test(`does what ${label} calls for: ${meaningOf(row)}`, async () => compare(expect, await triedOf(row)))
      if (isBusy)
        test(`waits for the end of the work that ${label} names`, async () =>
          compare(expect, await tryBusy(options, row)))
      if (waits) test(`waits as ${label} says`, async () => compare(expect, await tryWait(options, row)))
      test(`${row.trips ? 'counts' : 'does not count'} ${label} against the service`, async () => {
        expect(await guardsOf(row)).toEqual(expectedGuards(options, row))
      })
    }
    test('asks about whatever request there may be', async () => {
      expect(findThrowingRequests(options)).toEqual([])
    })
    test('names an operation without a text of its caller', async () => {
      expect(findNamesOfCallers(options)).toEqual([])
    })
    test('guards the session', async () => void expect(await findFlawsOfSession(options)).toEqual([]))
    test('gives up a login that is answered without end', async () => {
      expect(await findFlawsOfEndlessLogin(options)).toEqual([])
    })
  })
}

function testSecrets({ describe, test, expect, options }: Suite): void {
  const { secretRequests = [], secretReplies = [] } = options
  if (secretRequests.length + secretReplies.length === 0) return
  describe('secrets', () => {
    for (const [at, request] of secretRequests.entries()) {
      const title = `tells none of request ${at + 1}, ${request.method} ${request.url}`
      test(title, async () => void expect(await findToldSecrets(options, request)).toEqual([]))
    }
    for (const [at, reply] of secretReplies.entries()) {
      const title = `tells none of reply ${at + 1}, to ${reply.request.method} ${reply.request.url}`
      test(title, async () => void expect(await findSecretsOfReply(options, reply)).toEqual([]))
    }
  })
}

function compare(expect: Suite['expect'], comparisons: readonly Comparison[]): void {
  const side = (pick: (comparison: Comparison) => unknown) => comparisons.map((each) => ({ [each.what]: pick(each) }))
  expect(side(({ actual }) => actual)).toEqual(side(({ expected }) => expected))
}

function meaningOf(row: ErrorRow): string {
  switch (row.kind) {
    case 'retryable':
      return row.outcome === 'rejected' ? 'try again' : 'try again what may be repeated'
    case 'auth':
      if (!row.reauth) return 'give up'
      return row.outcome === 'rejected' ? 'log in once' : 'log in once for what may be repeated'
    case 'conflict':
      return row.achieved ? 'conflict, or success where accepted' : 'conflict'
    case 'fatal':
      return 'give up'
  }
}
