import { waitAtMost } from '../../contract/clock.ts'

/** One login about to be made. */
export interface TurnInput {
  /** Key of the session, with the number of its state: logins for the same session wait for one another. */
  readonly session: string
  /** Login origin, user and digest of the credentials: until they are accepted, logins with them wait for one another. */
  readonly credentials: string
  /** Milliseconds after which this login no longer waits for another. */
  readonly timeout: number
}

/** Ends the turn of a login, and reports if it was accepted. */
export type EndTurn = (isAccepted: boolean) => void

/**
 * The logins under way in this process. Servers count refused logins of a user, so a login must know the result of the one before
 * it with the same credentials.
 */
class LoginTurns {
  readonly #underWay = new Map<string, Promise<boolean>>()

  /**
   * Waits for other logins with the same credentials.
   *
   * @param check throws if the login must not begin any more.
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
