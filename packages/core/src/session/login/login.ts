import { abortable } from '../../contract/clock.ts'
import type { LoginTransport, Session, SessionSource } from '../../contract/session.ts'
import { ClosedError } from '../closed-error.ts'
import type { LoginTime } from './login-time.ts'
import type { LoginTransportFactory } from './login-transport.ts'
import type { EndTurn } from './login-turns.ts'
import { forLogout, SessionHandle } from './session-handle.ts'

/** One login about to be made. */
export interface Login {
  readonly source: SessionSource
  readonly makeTransport: LoginTransportFactory
  readonly time: LoginTime
  /** Waits until it may begin. @throws the reason of the signal, or the error because of which it must not begin. */
  takeTurn(stop: AbortSignal): Promise<EndTurn>
  open(transport: LoginTransport): Promise<Session>
  secrets(): readonly string[]
  /** The error for all callers that wait for it. */
  failed(thrown: unknown): unknown
}

/** Makes a login in its turn. A session that comes too late, after a time-out or a stop, is ended. */
export async function logIn(login: Login, stop: AbortSignal): Promise<SessionHandle> {
  const endTurn = await login.takeTurn(stop)
  let handle: SessionHandle | undefined
  try {
    handle = await open(login, stop)
  } finally {
    endTurn(handle !== undefined)
  }
  if (!stop.aborted) return handle
  await handle.end(forLogout())
  throw stop.reason
}

async function open(login: Login, stop: AbortSignal): Promise<SessionHandle> {
  const { source, makeTransport, time, secrets } = login
  const { signal, deadlineAt } = time
  const transport = makeTransport({ signal, stop, secrets, deadlineAt })
  if (transport === undefined) throw new ClosedError()
  const opening = login.open(transport)
  const handleOf = (session: Session) => new SessionHandle(session, source, makeTransport)
  try {
    return handleOf(await abortable(opening, signal))
  } catch (thrown) {
    // After a time-out, nobody uses the session.
    if (signal.aborted)
      opening.then(
        (session) => handleOf(session).end(forLogout()),
        () => {},
      )
    throw login.failed(thrown)
  }
}
