import { forgetRefusedLogins } from '@holdfast/core'
import { afterEach } from 'vitest'

// Refused logins are remembered by process, and one process runs many tests with the same account.
afterEach(forgetRefusedLogins)
