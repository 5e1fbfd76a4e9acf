import { bears, mark, marker } from './marker.ts'

const OPTIONS_ERROR = marker('OptionsError')

/** An option that cannot be meant: unknown, of the wrong type or unit, or at odds with another. */
export class OptionsError extends TypeError {
  override readonly name = 'OptionsError'
  /** Path of the option at fault (`retry.limit`). */
  readonly option: string
  /** The end of the message, which says what is wrong. */
  readonly problem: string

  /** @param vendor whose option it is; absent for those of `resilient`. */
  constructor(option: string, problem: string, vendor?: string) {
    const [one, all] = vendor === undefined ? ['Option', 'Options'] : [`${vendor}: option`, `${vendor}: options`]
    super(option === '' ? `${all} ${problem}` : `${one} \`${option}\` ${problem}`)
    this.option = option
    this.problem = problem
    mark(this, OPTIONS_ERROR)
  }
}

/** True for an {@link OptionsError}. */
export const isOptionsError = (error: unknown): error is OptionsError => bears(error, OPTIONS_ERROR)
