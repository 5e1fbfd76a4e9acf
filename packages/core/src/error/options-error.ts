import { bears, mark, marker } from './marker.ts'

const OPTIONS_ERROR = marker('OptionsError')

/** The error of an invalid option: unknown, of the wrong type or unit, or in conflict with another. */
export class OptionsError extends TypeError {
  override readonly name = 'OptionsError'
  /** Path of the option at fault (`retry.limit`). */
  readonly option: string
  /** The end of the message, which says what is wrong. */
  readonly problem: string

  /**
   * @param vendor whose option it is; absent for those of `resilient`.
   * @param word says that it is no member of options, but an argument.
   */
  constructor(option: string, problem: string, vendor?: string, word: 'option' | 'argument' = 'option') {
    const subject = option === '' ? `${word}s` : `${word} \`${option}\``
    super(
      `${vendor === undefined ? subject.replace(/^./, (first) => first.toUpperCase()) : `${vendor}: ${subject}`} ${problem}`,
    )
    this.option = option
    this.problem = problem
    mark(this, OPTIONS_ERROR)
  }
}

/** The error of an argument that stands where no option does. */
export const argumentError = (name: string, problem: string): OptionsError =>
  new OptionsError(name, problem, undefined, 'argument')

/** True for an {@link OptionsError}. */
export const isOptionsError = (error: unknown): error is OptionsError => bears(error, OPTIONS_ERROR)
