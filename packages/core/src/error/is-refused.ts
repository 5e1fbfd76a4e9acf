import { bears, REFUSED_ERROR } from './marker.ts'
import type { RefusedError } from './refused-error.ts'

/** True for a {@link RefusedError}. In a file of its own, so that a bundle with only this does not include the class. */
export const isRefused = (error: unknown): error is RefusedError => bears(error, REFUSED_ERROR)
