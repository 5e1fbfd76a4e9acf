import { waitAtMost } from '../../contract/clock.ts'

/** One login about to be made. */
export interface TurnInput {
  /** Name of the session that it brings, in its state: all who share that wait for one another. */
  readonly session: string
  /** Login origin, user and digest of the credentials: until they are accepted, one login tries them for all. */
  readonly credentials: string
  /** Milliseconds that another login has before this one begins all the same. */
  readonly timeout: number
}

/** Ends the turn of a login; says whether it was accepted. */
export type EndTurn = (isAccepted: boolean) => void

/**
 * The logins under way in this process. Servers count the refusals of a user, so what one login finds out about
 * credentials the next must know before it begins.
 */
class LoginTurns {
  readonly #underWay = new Map<string, Promise<boolean>>()

  /**
   * Waits for other logins with the same credentials.
   *
   * @param check throws what speaks against the login by then.
   * @throws the reason of the signal.
   */
  async take({ session, credentials, timeout }: TurnInput, signal: AbortSignal, check: () => void): Promise<EndTurn> {
    let isAccepted = false
    for (;;) {
      const other: Promise<boolean> | undefined =
        this.#underWay.get(session) ?? (isAccepted ? undefined : this.#underWay.get(credentials))
      const end: boolean | undefined = other && (await waitAtMost(other, timeout, signal))
      if (end === undefined) {
        check()
        return this.#begin([session, credentials])
      }
      isAccepted ||= end
    }
  }

  /** Forgets those that have not ended. */
  forget(): void {
    this.#underWay.clear()
  }

  #begin(names: readonly string[]): EndTurn {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    for (const name of names) this.#underWay.set(name, promise)
    return (isAccepted) => {
      for (const name of names) if (this.#underWay.get(name) === promise) this.#underWay.delete(name)
      resolve(isAccepted)
    }
  }
}

/** The logins under way in this process. */
export const loginTurns = new LoginTurns()
