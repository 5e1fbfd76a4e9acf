import type { Fault } from '../fault.ts'
import type { RequestFacts } from '../request.ts'
import type { Pace } from '../row.ts'
import type { Reply } from '../vendor.ts'

/**
 * Names a piece of work at its server: all that asking after it needs. It is stored as JSON and outlives the process, so
 * no secret may stand in it.
 */
export interface WorkName {
  /** The server's own identifier of the task, job or object. */
  readonly id: string
  /** Works of one origin and group may stand in one question. @default '' */
  readonly group?: string
  /** The time that such work tends to take: `fast` is seconds to minutes, `slow` is minutes to hours. @default 'fast' */
  readonly pace?: Pace
  /** Further facts that the vendor's functions need again. */
  readonly facts?: Readonly<Record<string, string>>
}

/** A request of the engine's own about work. */
export interface WorkRequest {
  /** Path and query, at the origin of the request that began the work. */
  readonly path: string
  /** @default 'GET' */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A question how works stand. It must be safe to ask twice. */
export interface WorkQuestion extends WorkRequest {
  /** The works that the answer tells of: the first of those given, one at least. */
  readonly about: readonly WorkName[]
}

/**
 * The state of work as an answer tells it.
 *
 * - `lost`: the server does not know it any more; nobody knows what came of it.
 */
export type WorkReport =
  | {
      readonly status: 'pending' | 'running'
      /** From 0 to 1, where the server says. */
      readonly progress?: number
      /** The server's word on the step that it is at. */
      readonly message?: string
      /** The name by which it is asked after from now on, where something else tells of the rest of it. */
      readonly next?: WorkName
    }
  | { readonly status: 'succeeded'; readonly result?: unknown }
  | { readonly status: 'failed' | 'cancelled'; readonly fault?: Fault }
  | { readonly status: 'lost'; readonly fault?: Fault }

/** Reports by the identifier of the work. */
export type WorkReports = ReadonlyMap<string, WorkReport>

/**
 * Everything the engine must know about the long work of one API: which answers begin some, and how it stands. An entry
 * of its own beside the vendor, so that only those who wait for work load it. None of its functions may throw.
 */
export interface VendorWork {
  /** The name of the vendor. */
  readonly vendor: string
  /**
   * The work that a success began; `undefined` where the answer is the end of it. A fault where it cannot be read, so that
   * work may have begun of which nobody knows the name.
   */
  begun(reply: Reply): WorkName | { readonly fault: Fault } | undefined
  /** The name of work of which somebody has kept the bare identifier. Default: the identifier alone. */
  nameOf?(id: string): WorkName
  /** The question to ask about the first of these works, and with it about as many others as one answer may tell of. */
  ask(works: readonly [WorkName, ...WorkName[]]): WorkQuestion
  /**
   * Reads the answer to a question. Work that is missing from an answer about several is asked after alone; missing from
   * two answers about itself, it is lost. `undefined` for an answer that cannot be read.
   */
  read(reply: Reply, about: readonly WorkName[]): WorkReports | undefined
  /**
   * The state that the refusal of a question about this work alone shows, once it was met twice: `lost` where the server
   * does not know it any more, `succeeded` where that was the aim. `undefined` for one that says nothing of it, such as the 404
   * of a proxy.
   */
  readRefusal?(fault: Fault, work: WorkName): WorkReport | undefined
  /** The request that asks the server to cancel; absent, or `undefined`, where it cannot. */
  cancel?(work: WorkName): WorkRequest | undefined
  /**
   * The request that clears away what the server keeps of work that has ended. It is sent once, and nobody waits for it; not
   * for work that was stored, because another process may be about to ask after its end.
   */
  clear?(work: WorkName): WorkRequest | undefined
  /** The line that says how to find out what came of lost work (`VM.get_power_state`), where the vendor itself has none. */
  verifyWith?(work: WorkName): string | undefined
  /** The request that looks for the work of a start whose outcome is unknown; absent, or `undefined`, where nothing tells it. */
  find?(start: RequestFacts): WorkRequest | undefined
  /**
   * Reads what was found.
   *
   * @param since milliseconds since the epoch at which the start was sent, by the server's clock as its reply shows it in
   *   whole seconds.
   * @returns the work, if there is one and only one that must be it.
   */
  found?(reply: Reply, start: RequestFacts, since: number): WorkName | undefined
  /**
   * True where the refusal of that look shows the state which the start was to bring about, as for what was to be deleted and
   * is not there, in the service's own words: a proxy says 404, too. Met twice, it ends the start as a success. Whoever has
   * brought that state about, nobody knows.
   */
  isAchieved?(fault: Fault, start: RequestFacts): boolean
  /** Questions that the server holds back until something has happened. */
  readonly push?: WorkPush
}

/** The way to be told of changes. While it works, polls are rare; where it fails, they are as usual. */
export interface WorkPush {
  /**
   * The question that waits for the next change.
   *
   * @param token the answer before; `undefined` for the first, and after any failure.
   */
  listen(work: WorkName, token: string | undefined): WorkRequest
  /**
   * Reads the changes, and what the next question must carry. `undefined` for an answer that cannot be read.
   *
   * @param works those that are waited for; reports of others are of no use.
   */
  hear(reply: Reply, works: readonly WorkName[]): { readonly token: string; readonly reports: WorkReports } | undefined
  /** True for a refusal that will not change: the server has no such way, or not for this user. */
  isUnsupported?(fault: Fault): boolean
}

/** An answer as whoever waits for a state sees it. */
export interface StateAnswer {
  /** The body of a success: parsed where it is JSON, else its text. `undefined` for a refusal. */
  readonly body: unknown
  /** HTTP status. */
  readonly status: number | undefined
  /** The vendor's code of a refusal, such as `NOT_FOUND`; `undefined` for a success. */
  readonly code: string | undefined
  /** A success with its text and headers. */
  readonly reply: Reply | undefined
  /** The fault of a refusal, or the `settled` one that a success tells of. */
  readonly fault: Fault | undefined
}

/** A state of something at a server that can be waited for, as a vendor's package makes it: `poweredOff('vm-7')`. */
export interface WantedState {
  /** The state in a few words, for messages: `vm-7 is off`. */
  readonly name: string
  /** The question, at the vendor's first origin. It must be safe to ask again and again. */
  readonly request: WorkRequest
  /** @default 'fast' */
  readonly pace?: Pace
  /** True once an answer shows it. */
  holds(seen: StateAnswer): boolean
  /** The fault that an answer shows, after which it will not be reached. */
  faultIn?(seen: StateAnswer): Fault | undefined
}
