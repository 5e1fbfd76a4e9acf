import { expect, vi } from 'vitest'
import { limitOf } from './longest-first.ts'

// Against what hangs, and nothing else.
vi.setConfig({ testTimeout: limitOf(expect.getState().testPath ?? '') })
