import { chanceOf, type PlannedCall, planCalls } from './calls.ts'
import { now } from './clock.ts'
import type { Answer } from './condition.ts'
import type { Scenario } from './scenario.ts'
import { Server } from './server.ts'
import { Sessions } from './sessions.ts'
import { ATTEMPT_TIME } from './times.ts'

/** One request as the servers see it. */
export interface WireRequest {
  readonly url: string
  readonly method: string
  /** Its session. */
  readonly token: string | undefined
  /** Never meets a fault that only a share of the requests meets. */
  readonly isLucky?: boolean
}

/** The servers of a scenario, the calls that are to be made, and what has reached the servers. */
export class World {
  readonly scenario: Scenario
  readonly servers: readonly Server[]
  readonly calls: readonly PlannedCall[]
  readonly sessions: Sessions | undefined
  /** Attempts by call. */
  readonly attempts: Uint16Array
  /** Milliseconds of each call in which an attempt was under way. */
  readonly sentFor: Float64Array
  /** Times that the work of a call was begun. */
  readonly works: Uint16Array
  /** Attempts by second. */
  readonly attemptsAt: Uint32Array
  readonly #seed: number

  constructor(scenario: Scenario, seed: number) {
    this.scenario = scenario
    this.#seed = seed
    this.servers = scenario.servers.map((condition) => new Server(condition))
    this.calls = planCalls(scenario, seed)
    this.sessions = scenario.sessionsEnd && new Sessions(scenario.sessionsEnd)
    this.attempts = new Uint16Array(this.calls.length)
    this.sentFor = new Float64Array(this.calls.length)
    this.works = new Uint16Array(this.calls.length)
    this.attemptsAt = new Uint32Array(scenario.seconds + 600)
  }

  /** Schedules the changes of the scenario. */
  begin(): void {
    for (const { at, to, server = 0 } of this.scenario.changes) {
      setTimeout(() => this.servers[server]?.change(to), at * 1_000)
    }
  }

  urlOf({ id, server }: PlannedCall): string {
    return this.scenario.isOneHost
      ? `http://host.test/api/work-${server}/${id}`
      : `http://host-${server}.test/api/work/${id}`
  }

  send(request: WireRequest, answer: (answer: Answer) => void): void {
    const call = this.calls[Number(request.url.slice(request.url.lastIndexOf('/') + 1))]
    if (call === undefined) this.sessions?.answerLogin(request.method, answer)
    else this.#sendCall(call, request, this.#timed(call, answer))
  }

  /** Counts the time of an attempt: until its answer, or until its client no longer waits for one. */
  #timed({ id }: PlannedCall, answer: (answer: Answer) => void): (answer: Answer) => void {
    const sentAt = now()
    this.#addTime(id, ATTEMPT_TIME)
    return (given) => {
      this.#addTime(id, Math.min(0, now() - sentAt - ATTEMPT_TIME))
      answer(given)
    }
  }

  #addTime(id: number, ms: number): void {
    this.sentFor[id] = (this.sentFor[id] ?? 0) + ms
  }

  #sendCall(call: PlannedCall, { token, isLucky }: WireRequest, answer: (answer: Answer) => void): void {
    const attempt = (this.attempts[call.id] ?? 0) + 1
    this.attempts[call.id] = attempt
    const second = Math.floor(now() / 1_000)
    this.attemptsAt[second] = (this.attemptsAt[second] ?? 0) + 1
    const refusal = this.sessions?.refusal(token) ?? busyAnswer(call)
    if (refusal !== undefined) {
      setTimeout(() => answer(refusal), 1)
      return
    }
    const { length, luck } = chanceOf(this.#seed, call.id, attempt)
    this.servers[call.server]?.accept({
      length,
      luck: isLucky === true ? 1 : luck,
      began: () => {
        this.works[call.id] = (this.works[call.id] ?? 0) + 1
      },
      answer,
    })
  }
}

/** vCenter's answer while another operation works on the object. */
function busyAnswer({ at, busyFor }: PlannedCall): Answer | undefined {
  if (now() >= at + busyFor) return undefined
  return { type: 'reply', status: 500, body: '{"error_type":"RESOURCE_BUSY","messages":[]}' }
}
