import { Doubling } from './login/pace.ts'

/**
 * The re-login cool-down: no renewals for a service that rejects even fresh sessions, because the account has no rights there or
 * the service cannot reach its identity service. Other services may accept the session, so another login would not help.
 */
export class ReloginCooldown extends Doubling {
  constructor() {
    super({ first: 60_000, longest: 900_000 })
  }
}
