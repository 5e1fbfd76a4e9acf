import { bears, mark, marker } from './marker.ts'

const OPTIONS_ERROR = marker('OptionsError')

/** An option that cannot be meant: unknown, of the wrong type or unit, or at odds with another. */
export class OptionsError extends TypeError {
  override readonly name = 'OptionsError'
  /** Path of the option at fault (`retry.limit`). */
  readonly option: string

  constructor(option: string, problem: string) {
    super(`Option \`${option}\` ${problem}`)
    this.option = option
    mark(this, OPTIONS_ERROR)
  }
}

/** True for an {@link OptionsError}. */
export const isOptionsError = (error: unknown): error is OptionsError => bears(error, OPTIONS_ERROR)
