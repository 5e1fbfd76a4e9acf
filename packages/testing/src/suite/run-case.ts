import { isVendorError } from '@holdfast/core'
import type { WireReply } from '../wire.ts'
import { type Harness, withHarness } from './harness.ts'
import type { CaseRequest, VendorSuiteOptions } from './options.ts'
import { settle } from './timers.ts'

/** One request, with the server's replies to it; after the last one the server answers with success. */
export interface CaseInput {
  readonly request: CaseRequest
  readonly replies: readonly WireReply[]
  readonly options?: { readonly acceptAchieved?: boolean; readonly trustedHosts?: readonly string[] }
}

/** The result of a case. */
export interface CaseResult {
  readonly end: 'returned' | 'threw'
  /** True for a reply that is a success. */
  readonly ok?: boolean
  /** Requests that reached the server, without logins. */
  readonly attempts: number
  /** Logins after the first. */
  readonly logins: number
  /** The code of a `VendorError`, like all members that follow. */
  readonly kind?: string
  readonly reason?: string
  /** The most precise code of the error. */
  readonly code?: string
  readonly hint?: string | undefined
  readonly outcome?: string
  readonly mayBeDone?: boolean
}

/** The caller's result, and the hosts that were asked. */
export interface Observed {
  readonly result: CaseResult
  /** Hosts that were asked, in order. */
  readonly hosts: readonly string[]
  /** Milliseconds between the first attempt and the last. */
  readonly waited: number
}

/** Sends one request through the real engine, after a first one that succeeded. */
export const runCase = (suite: VendorSuiteOptions, input: CaseInput): Promise<Observed> =>
  withCases(suite, (run) => run(input), input.options?.trustedHosts)

/** Runs cases one after the other with one client, which keeps its session between them. */
export function withCases<Result>(
  suite: VendorSuiteOptions,
  use: (run: (input: CaseInput) => Promise<Observed>) => Promise<Result>,
  trustedHosts?: readonly string[],
): Promise<Result> {
  const backoff = suite.timers === undefined ? { backoff: { fast: instant, slow: instant } } : {}
  const options = { retry: { limit: 2, ...backoff }, breaker: false, ...(trustedHosts && { trustedHosts }) } as const
  return withHarness(suite, options, (harness) => use((input) => runWith(suite, harness, input)))
}

/** Sends one request with a harness that may have sent others before. */
export async function runWith(
  suite: VendorSuiteOptions,
  { client, server, logins }: Harness,
  { request, replies, options }: CaseInput,
): Promise<Observed> {
  // Forgets what the client has learned about the service in earlier cases.
  client.state.reset()
  const loginsBefore = logins()
  server.requests.length = 0
  server.replies = [...replies]
  const { url, ...init } = request
  const resilience = { acceptAchieved: options?.acceptAchieved ?? false }
  const [outcome] = await settle(Promise.allSettled([client(url, { ...init, resilience })]), suite.timers)
  const { requests } = server
  return {
    hosts: requests.map(({ host }) => host),
    waited: (requests.at(-1)?.at ?? 0) - (requests[0]?.at ?? 0),
    result: {
      end: outcome.status === 'fulfilled' ? 'returned' : 'threw',
      attempts: requests.length,
      logins: logins() - loginsBefore,
      ...(outcome.status === 'rejected' ? describeError(outcome.reason) : { ok: outcome.value.ok }),
    },
  }
}

/** Back-off for a suite in real time, as short as possible. */
const instant = { base: 1, limit: 1 }

function describeError(error: unknown): Omit<CaseResult, 'end' | 'attempts' | 'logins'> {
  if (!isVendorError(error)) return { kind: `not a VendorError: ${String(error)}` }
  const { kind, reason, code, detail, hint, outcome, mayBeDone } = error
  return { kind, reason, code: detail ?? code, hint, outcome, mayBeDone }
}

/** Only the members of the expectation, in its order. */
export const picked = (result: CaseResult, expected: Partial<CaseResult>): Partial<CaseResult> => {
  const all: Readonly<Record<string, unknown>> = { ...result }
  return Object.fromEntries(Object.keys(expected).map((name) => [name, all[name]]))
}
