import type { Suite } from '../suite.ts'
import { concurrent, sequential } from './loopback.ts'
import { stream, streamMemory } from './stream.ts'

export const suites: readonly Suite[] = [sequential, concurrent, stream, streamMemory]
