import type { Host } from './hosts.ts'
import type { State } from './state.ts'

/** Ends the process of a host. Its work is dropped; if it is the master, all sessions and tasks are lost. */
function endProcess({ hosts, sessions, tasks }: State, host: Host): void {
  dropWork(host)
  if (host !== hosts.master) return
  sessions.lose()
  tasks.lose()
}

/** Restarts the toolstack of a host, which is in emergency mode until it is ready. */
export function restart(state: State, host: Host): void {
  host.emergency = { code: 'HOST_STILL_BOOTING', params: [] }
  endProcess(state, host)
}

/** Takes a host away. */
export function kill(state: State, host: Host): void {
  host.alive = false
  endProcess(state, host)
}

/** Makes a host the master. Every host restarts, and all sessions and tasks are lost. */
export function promote({ hosts, database, sessions, tasks }: State, host: Host): void {
  hosts.all.forEach(dropWork)
  hosts.master = host
  database.change('pool', 'OpaqueRef:pool', { master: host.ref })
  sessions.lose()
  tasks.lose()
}

function dropWork(host: Host): void {
  host.localSessions.clear()
  host.life.abort()
  host.life = new AbortController()
}
