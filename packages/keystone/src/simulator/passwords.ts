import type { Clock } from '@holdfast/openstack/simulator'
import type { KeystoneSettings } from './options.ts'

/** Passwords, and which accounts are locked because of wrong ones. */
export interface Passwords {
  /** True for the right password of an account that is not locked. */
  accepts(user: string, password: unknown): boolean
  isLocked(user: string): boolean
  unlock(user: string): void
  change(user: string, password: string): void
}

interface Account {
  password: string
  wrong: number
  wrongAt: number
}

/** Locks an account after so many wrong passwords in a row; while it is locked, no password is checked. */
export function createPasswords(
  { lockoutAttempts, lockoutSeconds }: Pick<KeystoneSettings, 'lockoutAttempts' | 'lockoutSeconds'>,
  initial: Iterable<readonly [user: string, password: string]>,
  clock: Clock,
): Passwords {
  const accounts = new Map<string, Account>()
  for (const [user, password] of initial) accounts.set(user, { password, wrong: 0, wrongAt: 0 })

  const locked = ({ wrong, wrongAt }: Account) =>
    wrong >= lockoutAttempts && clock.now() < wrongAt + lockoutSeconds * 1_000

  return {
    accepts(user, password) {
      const account = accounts.get(user)
      if (account === undefined || locked(account)) return false
      if (account.wrong >= lockoutAttempts) account.wrong = 0
      const right = account.password === password
      account.wrong = right ? 0 : account.wrong + 1
      if (!right) account.wrongAt = clock.now()
      return right
    },
    isLocked(user) {
      const account = accounts.get(user)
      return account !== undefined && locked(account)
    },
    unlock(user) {
      const account = accounts.get(user)
      if (account !== undefined) account.wrong = 0
    },
    change(user, password) {
      const account = accounts.get(user)
      if (account !== undefined) account.password = password
    },
  }
}
