import type { Host } from '../hosts.ts'
import type { Login } from '../sessions.ts'
import type { State } from '../state.ts'
import { type Asked, type Methods, optionalText, text } from './method.ts'

/** Logins and logouts. */
export function sessionMethods({ sessions, settings }: State): Methods {
  const login = (name: string, open: (host: Host, login: Login) => string) => (asked: Asked) => {
    const user = text(asked, 0, 'uname')
    const [password, originator] = [text(asked, 1, 'pwd'), optionalText(asked, 3, 'originator')]
    const session = open(asked.host, { user, password, originator })
    asked.done(name, user)
    return session
  }
  const logout = ({ host, session, done }: Asked) => {
    sessions.close(host, session)
    done('session.logout', settings.username)
    return ''
  }
  const [ordinary, local] = ['session.login_with_password', 'session.slave_local_login_with_password'] as const
  return {
    [ordinary]: { takes: [2, 4], session: 'none', run: login(ordinary, sessions.open) },
    [local]: { takes: [2, 2], session: 'none', emergency: true, run: login(local, sessions.openLocal) },
    'session.logout': { takes: [0, 0], run: logout },
    'session.local_logout': { takes: [0, 0], session: 'local', emergency: true, run: logout },
  }
}
