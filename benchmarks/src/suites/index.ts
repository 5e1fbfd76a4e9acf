import type { Suite } from '../suite.ts'
import { allocation } from './allocation.ts'
import { concurrent, sequential } from './loopback.ts'
import { overhead } from './overhead.ts'
import { refusal } from './refusal.ts'
import { retryNetwork, retryStatus } from './retry.ts'
import { stream, streamMemory } from './stream.ts'

export const suites: readonly Suite[] = [
  sequential,
  concurrent,
  overhead,
  allocation,
  retryNetwork,
  retryStatus,
  refusal,
  stream,
  streamMemory,
]
