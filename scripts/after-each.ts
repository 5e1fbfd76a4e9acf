import { forgetRefusedLogins } from '@holdfast/core'
import { afterEach, vi } from 'vitest'

// One process runs many tests, and most files share theirs with others.
afterEach(() => {
  vi.useRealTimers()
  // In this order: what was stubbed may have been spied on before.
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  // They are remembered by process, and many tests have the same account.
  forgetRefusedLogins()
})
