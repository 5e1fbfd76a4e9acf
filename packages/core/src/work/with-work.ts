import type { Engine } from '../call/engine.ts'
import type { ErrorRow } from '../contract/row.ts'
import type { StateAnswer, VendorWork, WantedState } from '../contract/work/vendor-work.ts'
import { argumentError, OptionsError } from '../error/options-error.ts'
import { engineOf, setEngine } from '../loop/engine-of.ts'
import type { ResilientInit } from '../loop/fetch.ts'
import type { ResilientFetch } from '../resilient.ts'
import { type EachOptions, type EachResult, each } from './each.ts'
import { checks } from './options.ts'
import type { SavedWork, WaitOptions, Work } from './running/work-state.ts'
import { readSaved, storedWork } from './saved.ts'
import { start } from './start.ts'
import { aimOf, ownAim, type UntilOptions, type UntilRequest, until } from './until.ts'

/** The calls for long work that {@link withWork} adds to a client. */
export interface WorkCalls<Row extends ErrorRow = ErrorRow> {
  /**
   * Sends a request that may begin long work. If its answer is final, the returned work has ended already.
   *
   * If it is unknown whether the start was done, the work is looked for, if the vendor can tell it from all others, and then
   * watched as usual. A deletion whose answer was lost has succeeded if the object does not exist any more, whoever deleted it.
   *
   * @throws as the client does, if the start itself failed.
   * @throws {OptionsError} when `init.resilience` is invalid, and in the mode `observe`.
   * @example
   * const work = await vcenter.start(`${api}/vcenter/vm/vm-7/power?action=stop&vmw-task=true`, { method: 'POST' })
   * for await (const { progress } of work) console.log(progress)
   * await work.result
   */
  start<Result = unknown>(url: string | URL, init?: ResilientInit<Row>, options?: WaitOptions): Promise<Work<Result>>
  /**
   * Continues to watch work that was begun before, also by another process. Nothing is sent until somebody waits for it.
   *
   * If another process is to wait for work, store it with `JSON.stringify(work)` before it ends: the process that began work
   * which was not stored may delete the server's record of its end (the tasks of XenAPI), and then it is `lost` to all others.
   *
   * @param saved what `JSON.stringify(work)` wrote, parsed or not; or the server's bare identifier, at the vendor's first
   *   origin.
   * @throws {OptionsError} for anything else, for work of another vendor or host, and in the mode `observe`.
   */
  work<Result = unknown>(saved: SavedWork | string, options?: WaitOptions): Work<Result>
  /**
   * Waits for a state that has no task, and resolves with the body of the answer that shows it.
   *
   * @throws {VendorError} when the state will not be reached, or the polls are refused again and again.
   * @throws {DOMException} a `TimeoutError` when time runs out.
   * @throws the reason of the signal.
   * @throws {OptionsError} in the mode `observe`.
   * @example
   * await vcenter.until(poweredOff('vm-7'), { timeout: 60_000 })
   */
  until<Body = unknown>(state: WantedState, options?: UntilOptions): Promise<Body>
  /**
   * Sends a request again and again until `holds` returns true for its answer, and resolves with the body of that.
   *
   * @param holds is called with the body of each success, parsed if it is JSON, and with status and code of each refusal that
   *   time does not cure; a refusal counts once it came twice in a row. If it throws for a body that is not a JSON object, that
   *   answer is ignored. Do not trust a bare status: a proxy without its service answers 404, too.
   * @example
   * await client.until(`${api}/disks/7`, (_, { code }) => code === 'NOT_FOUND', { timeout: 600_000 })
   */
  until<Body = unknown>(
    request: UntilRequest,
    // biome-ignore lint/suspicious/noExplicitAny: the caller knows the type of the body.
    holds: (body: any, seen: StateAnswer) => boolean,
    options?: UntilOptions,
  ): Promise<Body>
  /**
   * Runs a function for every item, a limited number at a time. A failure does not stop the others: each item has its result,
   * in the order of the items.
   *
   * @throws {OptionsError} when `concurrency` is invalid.
   * @example
   * const results = await client.each(urls, { concurrency: 8 }, (url) => client(url, { method: 'DELETE' }))
   * const failed = results.filter(({ status }) => status === 'failed')
   */
  each<Item, Value>(
    items: Iterable<Item>,
    options: EachOptions,
    fn: (item: Item, index: number) => Value | PromiseLike<Value>,
  ): Promise<EachResult<Item, Value>[]>
}

/** A client that can wait for long work. */
export type WorkingFetch<Row extends ErrorRow = ErrorRow> = Omit<ResilientFetch<Row>, 'extend'> &
  WorkCalls<Row> & {
    (...given: Parameters<ResilientFetch<Row>>): Promise<Response>
    /** Makes a client with other options and the same sessions, breakers, budgets and pauses. */
    extend(options: Parameters<ResilientFetch<Row>['extend']>[0]): WorkingFetch<Row>
  }

/**
 * Adds the calls for long work to a client. Its other members, such as the `url` of an OpenStack service, are kept.
 *
 * @param knowledge the long work of the client's vendor, such as `vsphereWork`. Without it, `until` and `each` can be used,
 *   but `start` and `work` cannot.
 * @throws {OptionsError} if `client` is not a client of this library, or the long work belongs to another vendor.
 * @example
 * const vcenter = withWork(resilient(fetch, { vendor: vsphere({ url, username, password }) }), vsphereWork)
 */
export function withWork<Row extends ErrorRow, Further extends object = object>(
  client: ResilientFetch<Row> & Further,
  knowledge?: VendorWork,
): WorkingFetch<Row> & Omit<Further, keyof ResilientFetch> {
  const engine = engineOf(client)
  if (engine === undefined)
    throw argumentError('client', 'must be made by `resilient`, of the same copy of the library.')
  if (knowledge !== undefined && knowledge.vendor !== engine.vendor?.name) {
    const own = engine.vendor === undefined ? 'which has no vendor' : `whose vendor is ${engine.vendor.name}`
    throw argumentError('knowledge', `is the long work of ${knowledge.vendor}, for a client ${own}.`)
  }
  const known = () => {
    checkMode(engine)
    if (knowledge !== undefined) return knowledge
    throw argumentError('knowledge', 'is missing: give `withWork` the long work of the vendor, such as `vsphereWork`.')
  }
  const calls: WorkCalls<Row> = {
    async start(url, init = {}, options = {}) {
      checks.wait(options, '')
      return start(engine, known(), url, init as ResilientInit, options)
    },
    work<Result>(saved: SavedWork | string, options: WaitOptions = {}) {
      checks.wait(options, '')
      return storedWork<Result>({ engine, knowledge: known(), saved: readSaved(saved, engine, known()) }, options)
    },
    async until<Body>(
      aim: WantedState | UntilRequest,
      second?: UntilOptions | ((body: never, answer: StateAnswer) => boolean),
      third: UntilOptions = {},
    ): Promise<Body> {
      const isOwn = typeof second === 'function'
      const options = isOwn ? third : (second ?? {})
      checks.until(options, '')
      checkMode(engine)
      return until(
        engine,
        isOwn ? ownAim(engine, aim as UntilRequest, second) : aimOf(engine, aim as WantedState),
        options,
      )
    },
    async each(items, options, fn) {
      checks.each(options, '')
      return each(items, options, fn, engine.closing)
    },
  }
  const working = Object.assign((...given: Parameters<ResilientFetch<Row>>) => client(...given), client, calls, {
    extend: (options: Parameters<typeof client.extend>[0]) => withWork(client.extend(options), knowledge),
  })
  return setEngine(working, engine) as WorkingFetch<Row> & Further
}

/** Refuses a client that only observes: its polls would be sent without a session, and a failure of theirs is a reply like any. */
function checkMode({ mode }: Engine): void {
  if (mode !== 'observe') return
  throw new OptionsError(
    'mode',
    "is 'observe', in which nothing of the client's own is sent: it cannot ask after work.",
  )
}
