import { DatabaseSync } from 'node:sqlite'
import { started } from '../../../scripts/real-servers.ts'
import { Admin, type NewUser, type User } from './admin.ts'

/** A Keystone with its own database, for as long as this is not disposed of. It ends with this process, however that ends. */
export interface RealKeystone extends AsyncDisposable {
  /** Where tokens live for an hour, so that nothing but a revocation ends one during a test. */
  readonly url: string
  /** Where the same users get tokens that live for seconds. */
  readonly briefUrl: string
  /** May do everything. */
  readonly admin: User
  /** Makes a user who is a member of a new project, and no more. */
  addUser(): Promise<NewUser>
  /** The status that a token gets at `url` now. */
  statusOf(token: string): Promise<number>
  /** Ends somebody's token behind his back. */
  revoke(token: string): Promise<void>
  /** Changes somebody's password behind his back, which ends his tokens, also those of the rest of this second. */
  setPassword(user: User, password: string): Promise<void>
  /** Adds a service to the catalogue. */
  list(type: string, address: string): Promise<void>
  /** Lets nobody write to the database until disposed of. A call that must write is hung up on after five seconds. */
  holdDatabase(): Disposable
}

/**
 * Starts one, and waits until it answers: some six seconds.
 *
 * @throws {Error} with its own words, if it does not start.
 */
export async function startKeystone(): Promise<RealKeystone> {
  const { at, end } = await started<{ port: number; brief: number; password: string; run: string }>('keystone')
  const url = `http://127.0.0.1:${at.port}`
  const admin = new Admin(url, at.password)
  return {
    url,
    briefUrl: `http://127.0.0.1:${at.brief}`,
    admin: admin.user,
    addUser: () => admin.addUser(),
    statusOf: (token) => admin.statusOf(token),
    revoke: (token) => admin.revoke(token),
    setPassword: (user, password) => admin.setPassword(user, password),
    holdDatabase() {
      const database = new DatabaseSync(`${at.run}/keystone.db`)
      database.exec('BEGIN IMMEDIATE')
      return { [Symbol.dispose]: () => database.close() }
    },
    list: (type, address) => admin.list(type, address),
    [Symbol.asyncDispose]: end,
  }
}
