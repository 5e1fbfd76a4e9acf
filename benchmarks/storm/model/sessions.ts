import { now } from './clock.ts'
import type { Answer } from './condition.ts'

/** Milliseconds that a login takes. */
const LOGIN_TIME = 500

const UNAUTHENTICATED: Answer = {
  type: 'reply',
  status: 401,
  body: '{"error_type":"UNAUTHENTICATED","messages":[]}',
}

/** Sessions like vCenter's: opened by a login, sent in a header, and all ended at certain times. */
export class Sessions {
  readonly #ends: readonly number[]
  #logins = 0

  constructor(ends: readonly number[]) {
    this.#ends = ends
  }

  get logins(): number {
    return this.#logins
  }

  /** Number of the era: sessions end with the one in which they began. */
  get era(): number {
    return this.#ends.filter((second) => now() >= second * 1_000).length
  }

  answerLogin(method: string, answer: (answer: Answer) => void): void {
    if (method !== 'POST') {
      setTimeout(() => answer({ type: 'reply', status: 204 }), 1)
      return
    }
    this.#logins++
    setTimeout(() => answer({ type: 'reply', status: 201, body: `"${this.era}-${this.#logins}"` }), LOGIN_TIME)
  }

  refusal(token: string | undefined): Answer | undefined {
    return token?.startsWith(`${this.era}-`) ? undefined : UNAUTHENTICATED
  }
}
