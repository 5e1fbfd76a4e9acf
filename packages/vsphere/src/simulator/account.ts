/** The one account that may log in. */
export interface Account {
  readonly username: string
  readonly locked: boolean
  /** True for the right password of an account that is not locked. */
  accepts(authorization: string | null): boolean
  unlock(): void
}

/** Opens an account that locks after so many wrong passwords in a row; then the right one is refused, too. */
export function createAccount(username: string, password: string, lockoutAfter: number): Account {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  let wrong = 0
  const isLocked = () => wrong >= lockoutAfter
  return {
    username,
    get locked() {
      return isLocked()
    },
    accepts(authorization) {
      if (isLocked() || authorization === null) return false
      wrong = authorization === expected ? 0 : wrong + 1
      return wrong === 0
    },
    unlock() {
      wrong = 0
    },
  }
}
