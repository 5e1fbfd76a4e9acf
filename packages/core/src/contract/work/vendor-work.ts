import type { Fault } from '../fault.ts'
import type { RequestFacts } from '../request.ts'
import type { Pace } from '../row.ts'
import type { Reply } from '../vendor.ts'

/**
 * The name of a piece of work at its server, with everything that a poll needs. It is stored as JSON and outlives the process,
 * so it must not contain a secret.
 */
export interface WorkName {
  /** The server's own identifier of the task, job or object. */
  readonly id: string
  /** Works of the same origin and group may share a poll. @default '' */
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

/** A poll: a request for the state of works. It must be safe to send twice. */
export interface WorkPoll extends WorkRequest {
  /** The works whose state the answer contains: the first of those given, at least one. */
  readonly about: readonly WorkName[]
}

/**
 * The state of work according to an answer.
 *
 * - `lost`: the server does not know it any more, so its end is unknown.
 */
export type WorkReport =
  | {
      readonly status: 'pending' | 'running'
      /** From 0 to 1, if the server says. */
      readonly progress?: number
      /** The server's name for the present step. */
      readonly message?: string
      /** The name for further polls, if another object shows the rest of the work. */
      readonly next?: WorkName
    }
  | { readonly status: 'succeeded'; readonly result?: unknown }
  | { readonly status: 'failed' | 'cancelled'; readonly fault?: Fault }
  | { readonly status: 'lost'; readonly fault?: Fault }

/** Reports by the identifier of the work. */
export type WorkReports = ReadonlyMap<string, WorkReport>

/**
 * Everything the engine must know about the long work of one API: which answers begin work, and how its state is read. It is
 * apart from the vendor, so that only programs that wait for work load it. None of its functions may throw, except `nameOf`.
 */
export interface VendorWork {
  /** The name of the vendor. */
  readonly vendor: string
  /**
   * The work that a success began; `undefined` if the answer is final. A fault if the answer cannot be read, so that work with
   * an unknown name may have begun.
   */
  begun(reply: Reply): WorkName | { readonly fault: Fault } | undefined
  /**
   * The name of work of which only the identifier is known. Default: the identifier alone.
   *
   * @throws {OptionsError} if the identifier does not suffice to ask after the work.
   */
  nameOf?(id: string): WorkName
  /** The poll for the first of these works, and for as many of the others as one answer may contain. */
  ask(works: readonly [WorkName, ...WorkName[]]): WorkPoll
  /**
   * Reads the answer to a poll. Work that is missing from an answer about several is polled alone; if it is missing from two
   * answers about itself, it is lost. Return `undefined` for an answer that cannot be read.
   */
  read(reply: Reply, about: readonly WorkName[]): WorkReports | undefined
  /**
   * The state that follows if a poll for this work alone is refused twice: `lost` if the server does not know it any more,
   * `succeeded` if that was the aim. `undefined` if the refusal says nothing about the work, such as the 404 of a proxy.
   */
  readRefusal?(fault: Fault, work: WorkName): WorkReport | undefined
  /** The request that cancels the work at the server; absent, or `undefined`, if the server cannot cancel it. */
  cancel?(work: WorkName): WorkRequest | undefined
  /**
   * The request that deletes the server's record of work that has ended. It is sent once, and nobody waits for it. It is not
   * sent for work that was stored, because another process may still poll for its end.
   */
  clear?(work: WorkName): WorkRequest | undefined
  /** One line that says how to find out how lost work ended (`VM.get_power_state`), if the vendor's `verifyWith` does not. */
  verifyWith?(work: WorkName): string | undefined
  /** The request that looks for the work of a start whose outcome is unknown; absent, or `undefined`, if there is none. */
  find?(start: RequestFacts): WorkRequest | undefined
  /**
   * Reads the answer to `find`.
   *
   * @param since milliseconds since the epoch at which the start was sent, by the server's clock as its reply shows it in
   *   whole seconds; by our own where it shows none.
   * @param isTaken true for the identifier of work that another start of this state has begun, so that no new object is taken
   *   for that of two starts.
   * @returns the work, if there is one and only one that must be it.
   */
  found?(reply: Reply, start: RequestFacts, since: number, isTaken: (id: string) => boolean): WorkName | undefined
  /**
   * True if the refusal of `find` shows, in the service's own words, that the wanted state of the start holds: what was to
   * be deleted does not exist. The 404 of a proxy is not enough. If it comes twice, the start ends as a success, whoever
   * brought that state about.
   */
  isAchieved?(fault: Fault, start: RequestFacts): boolean
  /** Long polls: requests that the server answers when something has happened. */
  readonly longPoll?: WorkLongPoll
}

/** Long polling for changes. While it works, ordinary polls are rare; if it fails, they are as frequent as usual. */
export interface WorkLongPoll {
  /**
   * The long poll for the next change.
   *
   * @param token from the answer before; `undefined` for the first long poll, and after any failure.
   */
  ask(work: WorkName, token: string | undefined): WorkRequest
  /**
   * Reads the changes, and the token for the next request. Return `undefined` for an answer that cannot be read.
   *
   * @param works those that are waited for; reports of others are ignored.
   */
  read(reply: Reply, works: readonly WorkName[]): { readonly token: string; readonly reports: WorkReports } | undefined
  /** True for a refusal that will not change: the server has no long polls, or none for this user. */
  isUnsupported?(fault: Fault): boolean
}

/** An answer to a poll for a state. */
export interface StateAnswer {
  /** The body of a success: parsed if it is JSON, else its text. `undefined` for a refusal. */
  readonly body: unknown
  /** HTTP status. */
  readonly status: number | undefined
  /** The vendor's code of a refusal, such as `NOT_FOUND`; `undefined` for a success. */
  readonly code: string | undefined
  /** A success with its text and headers. */
  readonly reply: Reply | undefined
  /** The fault of a refusal, or the `settled` fault that a success contains. */
  readonly fault: Fault | undefined
}

/** A state at a server that can be waited for, as a vendor's package makes it: `poweredOff('vm-7')`. */
export interface WantedState {
  /** The state in a few words, for messages: `vm-7 is off`. */
  readonly name: string
  /** The poll, at the vendor's first origin. It must be safe to send again and again. */
  readonly request: WorkRequest
  /** @default 'fast' */
  readonly pace?: Pace
  /** True if the answer shows the state. */
  holds(seen: StateAnswer): boolean
  /** The fault in an answer after which the state will not be reached. */
  faultIn?(seen: StateAnswer): Fault | undefined
}
