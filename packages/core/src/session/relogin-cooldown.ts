import { Doubling } from './login/pace.ts'

/**
 * Keeps calls from renewing sessions for a service that rejects even fresh ones, as it does to an account without rights
 * or while it cannot reach its identity service. The session may be good elsewhere, so another login would change nothing.
 */
export class ReloginCooldown extends Doubling {
  constructor() {
    super({ first: 60_000, longest: 900_000 })
  }
}
