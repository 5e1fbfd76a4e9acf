import { bears, REFUSED_ERROR } from './marker.ts'
import type { RefusedError } from './refused-error.ts'

/** True for a {@link RefusedError}. Apart from it: a class that is marked comes into each bundle that its module does. */
export const isRefused = (error: unknown): error is RefusedError => bears(error, REFUSED_ERROR)
