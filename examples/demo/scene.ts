import type { BreakerOptions, RetryOptions } from '@holdfast/core'
import type { Stage } from './stage.ts'
import type { Embedded } from './world.ts'

interface Story {
  /** As `--scene` takes it. */
  readonly name: string
  readonly title: string
  /** What is wrong, and what is promised. */
  readonly about: string
  /** Options of this scene's client, beside the usual ones. */
  readonly options?: { readonly breaker?: BreakerOptions; readonly retry?: RetryOptions }
}

/** One trouble and what the client makes of it. */
export type Scene =
  /** Only reads, so it may be played at a real endpoint too. */
  | (Story & { readonly readsOnly: true; play(stage: Stage, embedded?: Embedded): Promise<void> })
  | (Story & { readonly readsOnly: false; play(stage: Stage, embedded: Embedded): Promise<void> })
