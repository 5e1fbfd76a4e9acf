import { createAuditLog, middleware, type Refusal } from '@holdfast/openstack/simulator'
import type { HttpHandler } from 'msw'
import { hide } from './hide.ts'
import { expecting, unauthorized, writeRefusal } from './messages.ts'
import { operationsOf } from './operations.ts'
import { type KeystoneState, uriOf } from './state.ts'
import { withoutCredential } from './subject.ts'

/** Makes the handlers of a simulated identity service. */
export function handlersOf(state: KeystoneState): readonly HttpHandler[] {
  const { settings, clock, recorder, faults, tokens } = state
  const write = (refusal: Refusal, request: Request) => writeRefusal(refusal, uriOf(settings, new URL(request.url)))
  const handlerOf = middleware({
    ...{ base: settings.url, clock, recorder, faults, hide, write },
    auditLog: createAuditLog(),
    intercept: () => (state.isDown ? 'drop' : undefined),
    check(request) {
      const id = request.headers.get('x-auth-token')
      if (tokens.valid(id) !== undefined) return undefined
      return write(withoutCredential(state, id) ?? unauthorized(), request)
    },
    malformed: () => expecting('valid JSON', 'request body'),
    headers: () => ({ vary: 'X-Auth-Token', 'x-openstack-request-id': `req-${crypto.randomUUID()}` }),
  })
  return operationsOf(state).map(handlerOf)
}
